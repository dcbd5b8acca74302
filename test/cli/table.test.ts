import { expect, test } from 'vitest';
import { displayWidth, toPrintable, toTable } from '../../src/cli/table.ts';

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
