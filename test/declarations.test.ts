import { describe, expect, test } from 'vitest';
import { figuresWithRows } from '../src/engine/behind.ts';
import { type Column, type Columns, integer } from '../src/engine/columns.ts';
import { metrics } from '../src/engine/metrics.ts';
import { defineReport, type LiveReport, partsOf, type Report, type WindowReport } from '../src/engine/report.ts';
import { openScope } from '../src/engine/scope.ts';
import { defaultSettings } from '../src/engine/settings.ts';
import { reports } from '../src/reports/index.ts';
import { sql } from '../src/sql.ts';
import { call, callsOf, disposition, lead, now, openWorld } from './world.ts';

const world = openWorld();
const window = { from: Date.parse('2026-06-01T00:00:00Z'), to: Date.parse('2026-06-08T00:00:00Z') };
const windowReports = reports.filter((report): report is WindowReport => report.over === 'window');
const liveReports = reports.filter((report): report is LiveReport => report.over === 'now');

type Row = Record<string, unknown>;

/** Every part of a report with all of its columns, shown or hidden. */
const partsWithAll = (report: (typeof reports)[number]) =>
  partsOf(report).map((part, index) => ({ ...part, all: { ...part.columns, ...(index === 0 ? report.hidden : {}) } }));

const ratioOf = (column: Column | undefined) => (column && 'ratio' in column ? column.ratio : undefined);

/** Figures of calls that no call stands behind. */
const ofNoCalls: Record<string, string> = { 'abandon-rate.allowed_more': 'calls that were not made' };

/** What a report does not say of the calls or leads that its rows and figures count, and what to write. */
function unsaidBehind(report: Report): string[] {
  const { name, key, counts } = report;
  const asked = { timezone: 'UTC', window, params: {}, settings: defaultSettings, now: Date.parse(now), tenantId: 1 };
  const by = counts.by?.(asked as never) ?? {};
  const one = counts.of === 'calls' ? 'call' : 'lead';
  const rows = key.flatMap((column) =>
    Object.hasOwn(by, column)
      ? []
      : [
          `${name}: counts.by does not say what a ${one} has of ${column}. Write ${column}: sql\`${counts.of}.${column}\`.`,
        ],
  );
  const counted = figuresWithRows(report);
  const figures = Object.entries<Column>(report.columns).flatMap(([column, declared]) => {
    const unit = 'unit' in declared ? declared.unit : undefined;
    const isCount = unit === 'calls' || unit === 'leads';
    const isStanding = 'is_standing' in declared && declared.is_standing;
    if (!isCount || isStanding || counted.has(column) || ofNoCalls[`${name}.${column}`]) return [];
    return [
      `${name}: which ${unit} ${column} counts is not said. Give it the figure of engine/metrics.ts that it is, write counts.but.${column}.which, or mark it is_standing.`,
    ];
  });
  return [...rows, ...figures];
}

describe('what stands behind figures', () => {
  test.each(reports)('$name says it of its rows and of each figure', (report) => {
    expect(unsaidBehind(report)).toEqual([]);
  });

  test('a report that says it of neither is told what to write', () => {
    const team = windowReports.find(({ name }) => name === 'calls-by-team')!;
    const { by: _, ...counts } = team.counts;
    const { figure: _figure, ...dials } = team.columns.dials as Column & { figure?: string };
    const silent = { ...team, counts, columns: { ...team.columns, dials } } as unknown as WindowReport;
    expect(unsaidBehind(silent)).toEqual([
      'calls-by-team: counts.by does not say what a call has of team_id. Write team_id: sql`calls.team_id`.',
      'calls-by-team: which calls dials counts is not said. Give it the figure of engine/metrics.ts that it is, write counts.but.dials.which, or mark it is_standing.',
    ]);
    const standing = { ...dials, is_standing: true } as Column;
    expect(unsaidBehind({ ...team, columns: { ...team.columns, dials: standing } })).toEqual([]);
  });
});

/** Figures of a report that say nothing of which direction is good. */
const silentFigures = (report: Report) =>
  partsOf(report).flatMap(({ name, columns }) =>
    Object.entries<Column>(columns).flatMap(([column, declared]) =>
      'unit' in declared && declared.unit && !declared.better
        ? [`${name}.${column}: say better: 'more', 'less' or 'neither'`]
        : [],
    ),
  );

test('a report that says it of one figure and not of the next is told', () => {
  const columns = {
    dials: integer('Dials', 'Dial attempts', 'calls', { figure: 'dials', better: 'neither' }),
    answers: integer('Answers', 'Dials that a person picked up', 'calls', { figure: 'answers' }),
  };
  const half = defineReport({
    name: 'half',
    title: 'Half',
    about: 'It says half of it.',
    columns,
    counts: { of: 'calls' },
    sql: ({ calls }) => sql`SELECT 1 AS dials, 1 AS answers FROM ${calls} AS calls`,
  });
  expect(silentFigures(half)).toEqual(["half.answers: say better: 'more', 'less' or 'neither'"]);
});

describe.each(reports)('$name declares', (report) => {
  test('keys, pictures, spans and colors that name its columns', () => {
    const { picture, span, columns } = report;
    const named = Object.values(picture).flatMap((value) =>
      typeof value === 'object' && 'column' in value ? [value.column] : [],
    );
    const drawn = [
      ...('values' in picture ? [picture.along, ...picture.values] : []),
      ...('value' in picture ? [picture.value] : []),
      ...('limit' in picture ? [picture.limit] : []),
      ...Object.values(span ?? {}),
      ...Object.values(columns).flatMap((column) => ('of' in column ? [column.of] : [])),
    ];
    const missing = [...named, ...drawn].filter((column) => !Object.hasOwn(columns, column));
    expect(missing, 'what picture, span and colors name is a column').toEqual([]);
    for (const part of partsOf(report)) {
      const unknown = part.key.filter((column) => !Object.hasOwn(part.columns, column));
      expect(unknown, `the key of ${part.name} is of its columns`).toEqual([]);
      expect(part.key.length > 0, part.name).toBe(part.rows === 'list');
    }
  });

  test('what each rate and average is made of', () => {
    for (const { name, all } of partsWithAll(report)) {
      for (const [column, declared] of Object.entries<Column>(all)) {
        const ratio = ratioOf(declared);
        // A limit is given, not measured.
        const isRate = 'unit' in declared && declared.unit === 'percent' && !column.startsWith('limit');
        expect(!isRate || ratio !== undefined, `${name}.${column} says what it divides by what`).toBe(true);
        const absent = ratio ? [ratio.part, ratio.of].filter((one) => !Object.hasOwn(all, one)) : [];
        expect(absent, `${name}.${column} divides columns, shown or hidden`).toEqual([]);
      }
    }
    expect(Object.keys(report.columns).filter((column) => column in report.hidden)).toEqual([]);
  });

  test('of every figure that it shows which direction is good', () => {
    expect(silentFigures(report)).toEqual([]);
  });

  test('figures by their names among the definitions, in the same unit', () => {
    for (const { name, all } of partsWithAll(report)) {
      for (const [column, declared] of Object.entries<Column>(all)) {
        const figure = 'figure' in declared ? declared.figure : undefined;
        if (figure === undefined) continue;
        const metric = metrics.find((one) => one.name === figure);
        expect(metric?.unit, `${name}.${column} is ${figure}`).toBe('unit' in declared ? declared.unit : '');
      }
    }
  });

  test('samples of its columns, a key for each row', () => {
    const { rows, row } = report.sample;
    const made = Array.from({ length: rows }, (_, number) => row?.(number) ?? {});
    for (const one of made) expect(Object.keys(report.columns)).toEqual(expect.arrayContaining(Object.keys(one)));
  });
});

/** Calls of all outcomes, flags on dials that nobody answered, and seconds that round both ways. */
async function settle(): Promise<void> {
  const outcomes = ['answered', 'abandoned', 'no_answer', 'busy', 'failed', 'rejected', 'machine', 'blocked'] as const;
  await world.ingest('dispositions', [disposition({ code: 'sale', is_conversion: true }), disposition({ code: 'no' })]);
  await world.ingest(
    'leads',
    [1, 2, 3, 4, 5, 6, 7].map((lead_id) => lead({ lead_id, source: ['a', 'b'][lead_id % 2]! })),
  );
  await world.ingest('calls', [
    ...outcomes.flatMap((outcome, index) =>
      callsOf(3 + (index % 4), {
        outcome,
        agent_id: (index % 3) + 1,
        lead_id: (index % 5) + 1,
        cid: ['0900', '0901', '0902'][index % 3]!,
        disposition_code: ['sale', 'no', ''][index % 3]!,
        talk_sec: 7 * index + 1,
        hold_sec: index,
        wrap_sec: 11,
        started_at: `2026-06-0${(index % 5) + 1}T0${index}:15:00Z`,
      }),
    ),
    call({ outcome: 'no_answer', agent_id: 9, cid: '0909', is_conversion: true }),
    call({ outcome: 'answered', agent_id: 1, talk_sec: 45, is_conversion: true }),
  ]);
}

/** part / of as the column shows it: in percent or in its own unit, rounded half up; 0 where there is nothing to divide by. */
function expected(column: Column, part: number, of: number): number {
  const digits = 'digits' in column ? column.digits : 0;
  const isPercent = 'unit' in column && column.unit === 'percent';
  if (of === 0) return 0;
  const scale = 10 ** digits;
  const rounded = Math.floor((2 * scale * (isPercent ? 100 : 1) * part + of) / (2 * of)) / scale;
  return isPercent ? Math.min(rounded, 100) : rounded;
}

function expectRatios(name: string, columns: Columns, rows: readonly Row[]): void {
  for (const [column, declared] of Object.entries(columns)) {
    const ratio = ratioOf(declared);
    if (!ratio) continue;
    for (const row of rows) {
      const [part, of] = [Number(row[ratio.part]), Number(row[ratio.of])];
      expect(Number(row[column]), `${name}.${column} of ${part} / ${of}`).toBe(expected(declared, part, of));
      if (ratio.is_share) expect(part, `${name}.${column} is a share`).toBeLessThanOrEqual(of);
    }
  }
}

test('every rate and average is what it says that it is made of', async () => {
  await settle();
  let checked = 0;
  for (const report of windowReports) {
    const params = Object.fromEntries(Object.keys(report.parts).map((name) => [name, true]));
    const asked = {
      tenantId: world.tenantId,
      timezone: 'UTC',
      settings: defaultSettings,
      now: Date.parse(now),
      window,
      params: params as never,
    };
    const statement = report.sql(openScope({ ...asked, filters: {} }, report.wider, asked), asked);
    const rows = await world.store.query<Row>(statement);
    expect(rows.length, report.name).toBeGreaterThan(0);
    const keys = rows.map((row) => JSON.stringify(report.key.map((column) => row[column])));
    expect(new Set(keys).size, `the key of ${report.name} tells its rows apart`).toBe(rows.length);
    for (const [index, { name, all, of }] of partsWithAll(report).entries()) {
      const its = index === 0 ? rows : of === 'row' ? rows.flatMap((row) => (row[name] ?? []) as Row[]) : [];
      expectRatios(`${report.name} ${name}`, all, its);
      checked += its.length;
    }
  }
  for (const report of liveReports) {
    const asked = Object.fromEntries(
      Object.keys(report.parts).flatMap((name) => (name in report.params ? [[name, '1']] : [])),
    );
    const data = await world.ask<Record<string, Row | Row[]>>(report.name, { campaign_id: '1', ...asked });
    for (const { name, all } of partsWithAll(report)) {
      const rows = [data[name] ?? []].flat();
      expectRatios(`${report.name} ${name}`, all, rows);
      checked += rows.length;
    }
  }
  expect(checked).toBeGreaterThan(50);
});
