import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOpened, writeOpened } from '../../web/src/behind/opened.ts';

test('an opened number is in the address, and read back as it was, whatever its row is called', () => {
  const name = fc.stringMatching(/^[a-z][a-z_-]{0,20}$/);
  const opened = fc.record({
    report: name,
    column: name,
    key: fc.dictionary(name, fc.string({ unit: 'grapheme', maxLength: 40 })),
    isBefore: fc.boolean(),
  });
  fc.assert(
    fc.property(opened, (one) => {
      expect(readOpened(writeOpened(one))).toEqual({ ...one, key: { ...one.key } });
    }),
  );
});

test('an address that means nothing opens nothing', () => {
  expect([undefined, '', 'dashboard', 'dashboard:', ':dials', 'a:b:c=%E0%A4%A'].map(readOpened)).toEqual(
    Array(6).fill(undefined),
  );
});
