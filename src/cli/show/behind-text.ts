/** The calls or leads behind a figure as a text for the terminal. */
import { Temporal } from 'temporal-polyfill';
import { type BehindKind, behindRows } from '../../engine/behind-columns.ts';
import { behindKindOf, behindParams } from '../../engine/behind-params.ts';
import { toMarkedLabel } from '../../engine/column-kinds.ts';
import type { Column, Columns } from '../../engine/columns.ts';
import type { Report } from '../../engine/report.ts';
import { findZone } from '../../zones.ts';
import type { Door } from '../server/door.ts';
import { alignOf, toCellText } from './cell-text.ts';
import { toPrintable } from './printable.ts';
import { askTenantWord, toNarrowed } from './report-text.ts';
import { toTable } from './table.ts';

type Row = Record<string, unknown>;

// What files have beside: a terminal has no room for all.
const inFilesAlone: Record<BehindKind, readonly string[]> = { calls: ['team_id', 'hold_sec', 'wrap_sec'], leads: [] };

/** The calls or leads behind a figure as a text for the terminal: which figure, a table, and what is not in it. */
export async function behindText(
  door: Door,
  report: Report,
  { json, query, tenantId }: { json: string; query: readonly (readonly [string, string])[]; tenantId: number },
): Promise<string> {
  const { data, next, note } = JSON.parse(json) as { data: Row[]; next: string | null; note: string | null };
  const kind = behindKindOf(report);
  const given = Object.fromEntries(query);
  const title = toTitle(report, query, await askTenantWord(door, tenantId));
  const zone = findZone(given.timezone?.trim() ?? '') ?? 'UTC';
  const more = `The ${given.after ? 'next' : 'first'} ${data.length} of more. All of them: --out ${kind}.csv`;
  return [
    `${title.join('  |  ')}\n`,
    data.length === 0 ? `No ${kind}.` : toRows(kind, data, zone),
    ...(next === null ? [] : [`\n${more}`]),
    ...(note === null ? [] : [`\n${note}`]),
    '',
  ].join('\n');
}

function toTitle(report: Report, query: readonly (readonly [string, string])[], tenant: string): string[] {
  const given = Object.fromEntries(query);
  const columns: Columns = report.columns;
  const column = given.column?.trim() || behindParams(report).column?.default || '';
  const ofKey = report.key.map((name) => toPrintable(`${columns[name]?.label} ${given[name]?.trim()}`));
  const narrowing = query.filter(([name]) => !report.unused.includes(name) && !report.key.includes(name));
  return [
    [`${report.title}: ${columns[column]?.label}`, ...ofKey].join(', '),
    tenant,
    report.over === 'now' ? `until ${given.as_of ?? 'now'}` : `${given.date_from} to ${given.date_to}`,
    given.timezone ?? 'UTC',
    ...toNarrowed(narrowing),
  ];
}

function toRows(kind: BehindKind, rows: readonly Row[], zone: string): string {
  const columns: [string, Column][] = Object.entries(behindRows[kind].columns);
  const shown = columns.filter(([name, column]) => {
    const hasName = columns.some(([other]) => other === name.replace(/_id$/, '_name') && other !== name);
    const isEmpty = 'nullable' in column && rows.every((row) => row[name] === null);
    return !hasName && !isEmpty && !inFilesAlone[kind].includes(name);
  });
  return toTable(
    shown.map(([, column]) => ({ label: toMarkedLabel(column), align: alignOf(column) })),
    rows.map((row) =>
      shown.map(([name, column]) => {
        const value = row[name];
        return column.kind === 'instant' && typeof value === 'string'
          ? toClock(value, zone)
          : toCellText(value, column);
      }),
    ),
  );
}

/** What a zone's clocks show at an instant, to the second. */
function toClock(instant: string, zone: string): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime();
  return local.toString({ smallestUnit: 'second' }).replace('T', ' ');
}
