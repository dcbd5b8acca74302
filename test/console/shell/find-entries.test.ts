import { expect, test } from 'vitest';
import { findEntries } from '../../../web/src/shell/find-entries.ts';

const entries = [
  { value: '1', label: 'Nguyễn Thị Đào', group: 'Agent' },
  { value: '2', label: 'Bảo hiểm xe', group: 'Campaign' },
  { value: '3', label: 'Xe máy trả góp', group: 'Campaign' },
  { value: '4', label: 'Asia/Ho_Chi_Minh' },
];
const find = (text: string) => findEntries(entries, text).map(({ value }) => value);

test('entries are found without accents and case, by each word of what is typed', () => {
  expect(find('dao')).toEqual(['1']);
  expect(find('ĐÀO nguyen')).toEqual(['1']);
  expect(find('ho chi')).toEqual(['4']);
  expect(find('campaign xe').sort()).toEqual(['2', '3']);
  expect(find('dao xe')).toEqual([]);
});

test('what begins so comes first', () => {
  expect(find('xe')).toEqual(['3', '2']);
});

test('nothing typed finds everything, as it is', () => {
  expect(find('  ')).toEqual(['1', '2', '3', '4']);
});
