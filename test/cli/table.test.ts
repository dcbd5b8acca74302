import { expect, test } from 'vitest';
import { toTable } from '../../src/cli/show/table.ts';

test('numbers stand below each other', () => {
  expect(
    toTable(
      [{ label: 'Name' }, { label: 'Dials', align: 'right' }],
      [
        ['王', '7'],
        ['Ann', '12'],
      ],
    ),
  ).toBe(['Name  Dials', '────  ─────', '王        7', 'Ann      12'].join('\n'));
});
