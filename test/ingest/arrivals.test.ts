import { expect, test } from 'vitest';
import { openArrivals } from '../../src/ingest/arrivals.ts';

test('each listener hears of rows that were stored until it stops listening, whatever another one does', () => {
  const arrivals = openArrivals();
  const heard: [number, string][] = [];
  arrivals.listen(() => {
    throw new Error('a listener broke');
  });
  const listener = (tenantId: number, table: string) => heard.push([tenantId, table]);
  const stop = arrivals.listen(listener);
  const stopAgain = arrivals.listen(listener);
  arrivals.tell(1, 'calls');
  expect(heard).toEqual([
    [1, 'calls'],
    [1, 'calls'],
  ]);
  stop();
  stop();
  arrivals.tell(2, 'leads');
  expect(heard).toEqual([
    [1, 'calls'],
    [1, 'calls'],
    [2, 'leads'],
  ]);
  stopAgain();
  arrivals.tell(1, 'calls');
  expect(heard).toHaveLength(3);
});
