import { expect, test } from 'vitest';
import { call, callsOf, disposition, openWorld } from '../world.ts';

const { ingest, ask } = openWorld();
const breakdown = (params = {}) => ask('disposition-breakdown', params);

test('each code with its share of the disposed dials, the most used first', async () => {
  await ingest('dispositions', [
    disposition({ code: 'sale', label: 'Sale Success', color: '#10B981' }),
    disposition({ code: 'no_answer', label: 'No Answer', category: 'no_contact' }),
  ]);
  await ingest('calls', [
    call({ disposition_code: 'sale' }),
    ...callsOf(2, { outcome: 'no_answer', disposition_code: 'no_answer' }),
    call(), // not disposed: not listed, and no part of the whole
  ]);
  expect(await breakdown()).toEqual([
    { code: 'no_answer', label: 'No Answer', category: 'no_contact', color: '#6B7280', count: 2, pct: '66.67' },
    { code: 'sale', label: 'Sale Success', category: 'contact', color: '#10B981', count: 1, pct: '33.33' },
  ]);
});

test('a code that only calls name is listed under itself until its row arrives', async () => {
  await ingest('calls', [call({ disposition_code: 'mystery' })]);
  expect(await breakdown()).toEqual([
    { code: 'mystery', label: 'mystery', category: 'contact', color: '#6B7280', count: 1, pct: '100.00' },
  ]);
  await ingest('dispositions', [disposition({ code: 'mystery', label: 'Solved', category: 'remove' })]);
  expect(await breakdown()).toMatchObject([{ label: 'Solved', category: 'remove' }]);
});

test('a blocked call is no dial, so its disposition does not count', async () => {
  await ingest('calls', [
    call({ disposition_code: 'sale' }),
    call({ outcome: 'blocked', disposition_code: 'sale' }),
    call({ outcome: 'blocked', disposition_code: 'dnc' }),
  ]);
  expect(await breakdown()).toMatchObject([{ code: 'sale', count: 1, pct: '100.00' }]);
});

test('codes are case-sensitive, trimmed of white space, and equal counts sort by their bytes', async () => {
  await ingest('calls', [
    call({ disposition_code: 'sale' }),
    call({ disposition_code: 'Sale' }),
    call({ disposition_code: 'đã bán' }),
    call({ disposition_code: 'zero' }),
    call({ disposition_code: '\u00a0 zero\t' }),
    call({ disposition_code: ' \u3000 ' }), // blank: not disposed
  ]);
  const found = await breakdown();
  expect(found.map(({ code, count }) => [code, count])).toEqual([
    ['zero', 2],
    ['Sale', 1],
    ['sale', 1],
    ['đã bán', 1],
  ]);
});

test('shares are rounded half up: 1 and 31 of 32', async () => {
  await ingest('calls', [...callsOf(31, { disposition_code: 'often' }), call({ disposition_code: 'once' })]);
  expect(await breakdown()).toMatchObject([{ pct: '96.88' }, { pct: '3.13' }]);
});

test('a call whose disposition is corrected moves to the new code', async () => {
  const one = call({ disposition_code: 'later' });
  await ingest('calls', [one]);
  await ingest('calls', [{ ...one, disposition_code: 'sale' }]);
  expect(await breakdown()).toMatchObject([{ code: 'sale', count: 1 }]);
});

test('nothing disposed: an empty list', async () => {
  await ingest('calls', [call()]);
  expect(await breakdown()).toEqual([]);
});
