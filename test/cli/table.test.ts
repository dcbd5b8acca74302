import { expect, test } from 'vitest';
import { displayWidth, toPrintable, toPrintableLines, toTable } from '../../src/cli/show/table.ts';

test.each([
  ['Acme', 4],
  ['Đỗ Văn Thành', 12],
  ['Đỗ', 2],
  ['王小明', 6],
  ['한국어', 6],
  ['ｶﾅ', 2],
  ['カナ', 4],
  ['👩‍💻 ok', 5],
  ['❤️', 2],
  ['', 0],
])('%s takes %d columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('a name cannot move the cursor', () => {
  expect(toPrintable('a\x1b[2Jb\nc\u202e')).toBe('a\ufffd[2Jb\ufffdc\ufffd');
});

test('nor can a report of several lines, which keeps its lines', () => {
  expect(toPrintableLines('a\x1b]0;x\x07\r\nb\rc\nd\x9b2J\u200f')).toBe(
    'a\ufffd]0;x\ufffd\r\nb\ufffdc\nd\ufffd2J\ufffd',
  );
});

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
