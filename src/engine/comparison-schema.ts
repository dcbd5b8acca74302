/** What a comparison looks like as JSON: the windows that were compared, and each row beside what it was. */
import { type Static, type TSchema, Type } from 'typebox';
import { closed, isoInstant, orNull, word } from '../shapes.ts';
import { comparedColumns, namingColumns } from './change.ts';
import { unitOf } from './column-kinds.ts';
import type { ComparedAnswer } from './compare.ts';
import type { ComparedWindows } from './compared-window.ts';
import type { ComparedRow } from './comparison.ts';
import { comparedWords } from './params.ts';
import type { Report } from './report.ts';
import { toProperties } from './row-schema.ts';
import type { Window } from './scope.ts';

/** The windows of a comparison. */
export const comparedWindowSchema = closed(
  {
    kind: word([...comparedWords, 'given'], 'How it was named; `given`: by its two ends'),
    from: isoInstant('Start of what was compared of the other window'),
    to: isoInstant('Its end, exclusive; the same as `from` when there is nothing to compare yet'),
    whole: Type.Unsafe<{ from: string; to: string } | null>({
      ...closed({ from: isoInstant(), to: isoInstant() }),
      type: ['object', 'null'],
      description: 'All of the other window, where only a part of it was compared',
    }),
    compared_until: orNull(
      isoInstant(
        'Where the comparison of this window ends, which still runs; null: it has ended, and all of it is compared',
      ),
    ),
    is_same_length: Type.Boolean({ description: 'False: one window is longer, and counts are compared as they are' }),
  },
  { description: 'The other window' },
);

/** A comparison as JSON has it. */
export interface Comparison {
  window: Static<typeof comparedWindowSchema>;
  rows: readonly ComparedRow[];
}

/** An answer's comparison as JSON has it. */
export const toComparison = ({ windows, compared }: ComparedAnswer): Comparison => ({
  window: toComparedWindow(windows),
  rows: compared,
});

/** Compared windows as JSON has them. */
export function toComparedWindow({ kind, other, whole, until, isSameLength }: ComparedWindows): Comparison['window'] {
  const isPart = other.to !== whole.to;
  return {
    kind,
    ...toIsoEnds(other),
    whole: isPart ? toIsoEnds(whole) : null,
    compared_until: until === null ? null : toIso(until),
    is_same_length: isSameLength,
  };
}

/** What a report's comparison looks like. */
export function toComparisonSchema(report: Report): TSchema {
  const { columns, key } = report;
  const figures = comparedColumns(columns);
  const of = (toSchema: (name: string) => TSchema) =>
    Object.fromEntries(figures.map(([name]) => [name, toSchema(name)]));
  const keys = toProperties(columns, key);
  const isSeries = report.over === 'window' && report.times?.kind === 'series';
  const asOptional = Object.entries(keys).map(([name, shape]): [string, TSchema] => [name, Type.Optional(shape)]);
  const changed = of((name) => {
    const mark = unitOf(columns[name]!)?.change.mark;
    return Type.Unsafe({ type: ['number', 'null'], description: `In ${mark}; null where it can\u2019t be told` });
  });
  const row = closed({
    key: closed(keys),
    previous: closed({
      ...(isSeries && Object.fromEntries(asOptional)),
      ...toProperties(
        columns,
        figures.map(([name]) => name),
      ),
    }),
    change: closed(changed),
    better: closed(
      of(() => Type.Unsafe({ type: ['boolean', 'null'], description: 'Null: no change, or neither way is good' })),
    ),
    ...(key.length > 0 && {
      named: Type.Optional(
        closed(toProperties(columns, namingColumns(report)), {
          description: 'Of a row that the other window alone has: what it is called',
        }),
      ),
    }),
  });
  return closed(
    {
      window: comparedWindowSchema,
      rows: Type.Array(row, {
        description: 'The rows of `data`, and behind them those that the other window alone has',
      }),
    },
    { description: 'With `compare`: the same figures in another window, and their changes' },
  );
}

const toIso = (ms: number): string => new Date(ms).toISOString();
const toIsoEnds = ({ from, to }: Window) => ({ from: toIso(from), to: toIso(to) });
