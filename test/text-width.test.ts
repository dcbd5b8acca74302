import { expect, test } from 'vitest';
import { textWidth } from '../src/text-width.ts';

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
  expect(textWidth(text)).toBe(width);
});
