import { expect, test } from 'vitest';
import type { Answer, Column, Report, Row } from '../../../web/src/api/types.ts';
import { toSeenPoints } from '../../../web/src/pictures/line-points.ts';

const dials = { name: 'dials', label: 'Dials', kind: 'integer', unit: 'calls', meaning: '', better: null } as Column;
const rate = {
  ...dials,
  name: 'rate',
  unit: 'percent',
  ratio: { part: 'answers', of: 'dials', is_share: true },
} as Column;
const report = { columns: [dials, rate], parts: [{ name: 'data', key: ['bucket'] }] } as unknown as Report;

interface Asked {
  rows: Row[];
  incomplete?: string[];
  compared?: { key: string; previous: Row; gone?: boolean }[];
  comparedTo?: string;
}

/** An answer of 25 November 2026, 14:00 in Ho Chi Minh City. */
const answerOf = ({ rows, incomplete = [], compared, comparedTo = '2026-11-24T17:00:00Z' }: Asked) =>
  ({
    data: rows,
    about: { timezone: 'Asia/Ho_Chi_Minh', computed_at: '2026-11-25T07:00:00Z', incomplete_buckets: incomplete },
    ...(compared && {
      comparison: {
        window: { from: '2026-11-22T17:00:00Z', to: comparedTo, whole: { from: '', to: '2026-11-24T17:00:00Z' } },
        rows: compared.map(({ key, previous, gone }) => ({
          key: { bucket: key },
          previous,
          change: {},
          better: {},
          ...(gone && { named: {} }),
        })),
      },
    }),
  }) as unknown as Answer;

const points = (asked: Asked, column = dials) => toSeenPoints(report, answerOf(asked), 'bucket', column);

test('days lie where they are in time, and a day without a row leaves its place empty', () => {
  const found = points({
    rows: [
      { bucket: '2026-11-20', dials: 5 },
      { bucket: '2026-11-23', dials: 7 },
    ],
  });
  expect(found[1]!.number - found[0]!.number).toBe(3);
  expect(found.map(({ value }) => value)).toEqual([5, 7]);
});

test('today still runs, and tomorrow is no zero', () => {
  const found = points({
    rows: ['2026-11-24', '2026-11-25', '2026-11-26'].map((bucket) => ({ bucket, dials: 0 })),
    incomplete: ['2026-11-25', '2026-11-26'],
  });
  expect(found.map(({ state, value }) => [state, value])).toEqual([
    ['whole', 0],
    ['running', 0],
    ['ahead', undefined],
  ]);
});

test('a rate of nothing is a gap, and so is a figure that is not there', () => {
  const rows = [
    { bucket: '2026-11-23', dials: 0, rate: 0 },
    { bucket: '2026-11-24', dials: 4, rate: 25 },
    { bucket: '2026-11-25', dials: 4, rate: null },
  ];
  expect(points({ rows }, rate).map(({ value }) => value)).toEqual([undefined, 25, undefined]);
});

test('a day that the other window alone had is a gap of this one, at its place', () => {
  const found = points({
    rows: [{ bucket: '2026-11-25', dials: 7 }],
    compared: [
      { key: '2026-11-25', previous: { bucket: '2026-11-24', dials: 3 } },
      { key: '2026-11-24', previous: { bucket: '2026-11-23', dials: 9 }, gone: true },
    ],
  });
  expect(found.map(({ label, value, before }) => [label, value, before.value])).toEqual([
    ['2026-11-24', undefined, 9],
    ['2026-11-25', 7, 3],
  ]);
});

test('the other window ends where this one has come to: what it had later is not drawn', () => {
  const found = points({
    rows: ['2026-11-24 13:00:00', '2026-11-24 14:00:00', '2026-11-24 15:00:00', '2026-11-24 16:00:00'].map(
      (bucket) => ({
        bucket,
        dials: 1,
      }),
    ),
    comparedTo: '2026-11-23T07:30:00Z',
    compared: [
      { key: '2026-11-24 13:00:00', previous: { bucket: '2026-11-23 13:00:00', dials: 4 } },
      { key: '2026-11-24 14:00:00', previous: { bucket: '2026-11-23 14:00:00', dials: 2 } },
      { key: '2026-11-24 15:00:00', previous: { bucket: '2026-11-23 15:00:00', dials: 0 } },
      { key: '2026-11-24 16:00:00', previous: { dials: 0 } },
    ],
  });
  expect(found.map(({ before: { value, state } }) => [value, state])).toEqual([
    [4, 'whole'],
    [2, 'part'],
    [undefined, 'whole'],
    [undefined, 'whole'],
  ]);
});

test('what is no time stands in its order, without what is gone', () => {
  const found = points({
    rows: [
      { bucket: '9', dials: 1 },
      { bucket: '8', dials: 2 },
    ],
    compared: [{ key: '7', previous: { dials: 5 }, gone: true }],
  });
  expect(found.map(({ label, number, bucket }) => [label, number, bucket])).toEqual([
    ['9', 0, undefined],
    ['8', 1, undefined],
  ]);
  expect(points({ rows: [] })).toEqual([]);
});
