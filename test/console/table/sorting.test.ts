import { expect, test } from 'vitest';
import type { Column } from '../../../web/src/api/types.ts';
import type { SeenRow } from '../../../web/src/table/rows.ts';
import { nextSort, toFilter, toSorted } from '../../../web/src/table/sorting.ts';
import { findUnusual, toneOf } from '../../../web/src/table/unusual.ts';

const column = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  label: name,
  kind: 'integer',
  unit: 'calls',
  meaning: '',
  better: null,
  ...more,
});
const name = column('name', { kind: 'text', unit: null });
const dials = column('dials');
const rate = column('rate', {
  kind: 'number',
  unit: 'percent',
  better: 'more',
  ratio: { part: 'answers', of: 'dials', is_share: true },
});
const health = column('health', {
  kind: 'choice',
  unit: null,
  tones: { healthy: 'good', blocked: 'bad', odd: 'warning' },
});
const seen = (row: Record<string, unknown>): SeenRow => ({
  row,
  before: undefined,
  isGone: false,
  id: String(row.name),
});
const namesOf = (rows: readonly SeenRow[]) => rows.map(({ id }) => id);

test('numbers begin with the largest, names with the first, and the third time it is as the report has it', () => {
  expect([undefined, '-dials', 'dials'].map((sort) => nextSort(dials, sort))).toEqual(['-dials', 'dials', undefined]);
  expect([undefined, 'name', '-name'].map((sort) => nextSort(name, sort))).toEqual(['name', '-name', undefined]);
});

test('what has no value comes last, whichever way it goes', () => {
  const rows = [seen({ name: 'a', dials: 5 }), seen({ name: 'b', dials: null }), seen({ name: 'c', dials: 9 })];
  expect(namesOf(toSorted(rows, [name, dials], 'dials'))).toEqual(['a', 'c', 'b']);
  expect(namesOf(toSorted(rows, [name, dials], '-dials'))).toEqual(['c', 'a', 'b']);
});

test('a column that is not there sorts nothing', () => {
  const rows = [seen({ name: 'b' }), seen({ name: 'a' })];
  expect(namesOf(toSorted(rows, [name], 'nonsense'))).toEqual(['b', 'a']);
});

test('of words that are news, the bad ones come first', () => {
  const rows = ['healthy', 'odd', 'blocked'].map((word) => seen({ name: word, health: word }));
  expect(namesOf(toSorted(rows, [name, health], 'health'))).toEqual(['blocked', 'odd', 'healthy']);
});

test('a search finds words without their accents, and no numbers', () => {
  const rows = [seen({ name: 'Đỗ Văn Thành', dials: 7 }), seen({ name: 'Trần Hùng', dials: 70 })];
  expect(namesOf(rows.filter(toFilter([name, dials], 'do van')))).toEqual(['Đỗ Văn Thành']);
  expect(rows.filter(toFilter([name, dials], '70'))).toEqual([]);
  expect(rows.filter(toFilter([name, dials], ' '))).toEqual(rows);
});

test('a share is unusual when chance does not explain it: of many calls a small difference, of few a large one', () => {
  const usual = Array.from({ length: 8 }, (_, n) => seen({ name: `u${n}`, dials: 1000, answers: 400 }));
  const rows = [
    ...usual,
    seen({ name: 'low', dials: 1000, answers: 320 }),
    seen({ name: 'high', dials: 1000, answers: 480 }),
    seen({ name: 'few', dials: 10, answers: 2 }),
    seen({ name: 'none', dials: 0, answers: 0 }),
  ];
  const found = findUnusual(rows, [dials, rate]);
  expect([...found].map(([id, { side }]) => `${id} ${side}`)).toEqual(['low low', 'high high']);
  expect([...found.values()].map(toneOf)).toEqual(['bad', 'good']);
});

test('an average is unusual when it is far from the middle, by how far others are', () => {
  const aht = column('aht', { unit: 'seconds', ratio: { part: 'handle', of: 'handled', is_share: false } });
  const rows = [150, 160, 170, 155, 165, 158, 162, 300, 0].map((sec, n) => seen({ name: String(n), aht: sec }));
  expect([...findUnusual(rows, [aht])].map(([id, { side }]) => [id, side])).toEqual([['7', 'high']]);
});
