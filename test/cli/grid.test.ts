import { expect, test } from 'vitest';
import { toTextGrid } from '../../src/cli/show/grid.ts';
import heatmap from '../../src/reports/hour-dow-heatmap.ts';

test('a rate is rounded once, from its two counts', () => {
  const { picture, columns } = heatmap;
  if (picture?.kind !== 'grid') throw new TypeError('the heatmap is a grid');
  // 12.459 %: 12.5 with one decimal, and still 12 with none.
  const rows = [{ day_of_week: 1, hour: 9, dials: 610, answered: 76, answer_rate_pct: 12.5 }];
  const monday = toTextGrid(picture, columns, rows)
    .split('\n')
    .find((line) => line.startsWith('Mon'));
  expect(monday).toMatch(/^Mon( {3}·){9} {2}12( {3}·){14}$/);
});
