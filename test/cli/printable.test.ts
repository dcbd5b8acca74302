import { expect, test } from 'vitest';
import { toPrintable, toPrintableLines } from '../../src/cli/show/printable.ts';

test('a name cannot move the cursor', () => {
  expect(toPrintable('a\x1b[2Jb\nc\u202e')).toBe('a\ufffd[2Jb\ufffdc\ufffd');
});

test('nor can a report of several lines, which keeps its lines', () => {
  expect(toPrintableLines('a\x1b]0;x\x07\r\nb\rc\nd\x9b2J\u200f')).toBe(
    'a\ufffd]0;x\ufffd\r\nb\ufffdc\nd\ufffd2J\ufffd',
  );
});
