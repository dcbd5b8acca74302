/** The report at the end of a sync or of a call export of VICIdial. */
import { fold } from '../../dialers/mysql/fold.ts';
import type { SyncResult } from '../../dialers/vicidial/database/sync.ts';
import { outcomes } from '../../tables.ts';
import { toPrintable } from './printable.ts';
import { grouped } from './progress.ts';
import { sumOfTables, toLag, toRefusedTables } from './sync-tally.ts';
import { toTable } from './table.ts';

const right = (label: string) => ({ label, align: 'right' as const });

/** What a sync did, beside what VICIdial itself counts, for a person to read. */
export function toSyncReport(result: SyncResult, url: string | undefined): string {
  return [
    ...toReading(result),
    toTaken(result),
    ...toRefusedTables(result.tally.ingested, url),
    ...toOutcomes(result),
    ...toStatuses(result),
    ...toRemarks(result),
  ].join('\n\n');
}

/** What became of a call export. */
export function toExportReport(
  name: string,
  { tally, statuses }: Pick<SyncResult, 'tally' | 'statuses'>,
  url: string | undefined,
): string {
  const read = { tally, statuses, counted: [] };
  const first = [...tally.ingested].flatMap(([table, of]) => (table === 'calls' ? of.first : []));
  return [
    [`${toPrintable(name)}: ${grouped(tally.read)} rows, ${grouped(tally.written)} calls.`, ...toParts(tally)].join(
      '\n',
    ),
    toTaken(read),
    ...toRefusedTables(tally.ingested, url),
    ...(first.length > 0 ? [`The first of them:\n${first.map((text) => `  ${toPrintable(text)}`).join('\n')}`] : []),
    ...toOutcomes(read),
    ...toStatuses(read),
  ].join('\n\n');
}

/** What of the rows is no call of its own. */
function toParts({ joined, inbound, repeated, withoutLength }: SyncResult['tally']): string[] {
  return [
    ...(joined > 0 ? [`in-groups: ${grouped(joined)} rows went on with a dial, and are part of its call`] : []),
    ...(repeated > 0 ? [`said again: ${grouped(repeated)} rows, whose wrap-up time is their call’s`] : []),
    ...(inbound > 0 ? [`inbound: ${grouped(inbound)} calls that customers made, left out`] : []),
    ...(withoutLength > 0
      ? [
          `no length: ${grouped(withoutLength)} rows whose length_in_sec is no whole number of seconds, or one that no call has, count 0 s`,
        ]
      : []),
  ];
}

/** The same in one line, for a log. */
export function toBriefReport({ tally, caughtUpAt }: SyncResult): string {
  const inbound = tally.inbound > 0 ? `${tally.inbound} inbound left out, ` : '';
  const sum = (of: 'taken_in' | 'refused') => sumOfTables(tally.ingested, of);
  return `${new Date().toISOString()}  ${tally.read} calls read, ${tally.written} written, ${sum('taken_in')} rows taken in, ${sum('refused')} refused, ${inbound}${toLag(caughtUpAt)}`;
}

function toReading({ tally, from, until, zone, caughtUpAt }: SyncResult): string[] {
  const part = from === '' ? 'No calls to read.' : `Calls from ${from} to ${until} (${zone}).`;
  const rows = `${part} ${grouped(tally.read)} rows read: ${grouped(tally.written)} written, ${grouped(tally.unchanged)} as they were, ${grouped(tally.running)} still running.`;
  return [[rows, ...toParts(tally), toLag(caughtUpAt)].join('\n')];
}

type Counted = Pick<SyncResult, 'tally' | 'counted' | 'statuses'>;

function toTaken({ tally }: Counted): string {
  const rows = [...tally.ingested].map(([table, { rows_read, taken_in, refused }]) => [
    table,
    rows_read,
    taken_in,
    refused,
  ]);
  if (rows.length === 0) return 'Nothing had changed.';
  return toTable(
    [{ label: 'Table' }, right('Rows out'), right('Taken in'), right('Refused')],
    rows.map((row) => row.map(String)),
  );
}

function toOutcomes({ tally, counted, statuses }: Counted): string[] {
  if (tally.read === 0) return [];
  const sumOf = (is: (row: SyncResult['counted'][number]) => boolean | undefined) =>
    String(counted.reduce((sum, row) => sum + (is(row) ? row.rows : 0), 0));
  const of = (row: { campaign: string; code: string }) => statuses.find(row.campaign, row.code);
  const own: Partial<Record<string, [what: string, rows: string]>> = {
    answered: [
      'human_answered, less DROP and PDROP',
      sumOf((row) => of(row)?.human_answered && !/^P?DROP\s*$/i.test(row.code)),
    ],
    abandoned: ['status DROP', sumOf(({ code }) => fold(code) === 'drop')],
    machine: ['answering_machine', sumOf((row) => of(row)?.answering_machine)],
    failed: ['status PDROP', sumOf(({ code }) => fold(code) === 'pdrop')],
  };
  // An export is all that there is to read: nothing counts beside it.
  const isCounted = counted.length > 0;
  const rows = outcomes
    .filter((outcome) => tally.outcomes.get(outcome) || (isCounted && Number(own[outcome]?.[1] ?? 0) > 0))
    .map((outcome) => [
      outcome,
      String(tally.outcomes.get(outcome) ?? 0),
      ...(isCounted ? [own[outcome]?.[1] ?? '', own[outcome]?.[0] ?? ''] : []),
    ]);
  const theirs = isCounted ? [right('VICIdial'), { label: 'counts its' }] : [];
  return [toTable([{ label: 'Outcome' }, right('Calls'), ...theirs], rows)];
}

function toStatuses({ tally, counted, statuses }: Counted): string[] {
  if (tally.read === 0) return [];
  const theirs = new Map<string, number>();
  for (const { code, rows } of counted) theirs.set(fold(code), (theirs.get(fold(code)) ?? 0) + rows);
  const codes = [...new Set([...tally.statuses.keys(), ...theirs.keys()])].sort(
    (one, other) => (tally.statuses.get(other) ?? 0) - (tally.statuses.get(one) ?? 0) || (one < other ? -1 : 1),
  );
  const isCounted = counted.length > 0;
  const rows = codes.map((code) => {
    const [read, own] = [tally.statuses.get(code) ?? 0, theirs.get(code) ?? 0];
    const status = statuses.general(code);
    return [
      toPrintable(status?.code ?? code),
      status?.label ?? '',
      String(read),
      ...(isCounted ? [String(own), read === own ? '' : String(read - own)] : []),
    ];
  });
  const apart = isCounted ? [right('VICIdial'), right('Apart')] : [];
  return [toTable([{ label: 'Status' }, { label: 'Label' }, right('Read'), ...apart], rows)];
}

/** Rows that nothing dates, and what was made of leads that have no date. */
function toUndated({ timeless, leadsDatedByDial, leadsUndated }: SyncResult['tally']): string[] {
  return [
    ...(timeless > 0
      ? [`${grouped(timeless)} rows of the call log have neither a call_date nor a start_epoch: left out.`]
      : []),
    ...(leadsDatedByDial > 0
      ? [`leads: ${grouped(leadsDatedByDial)} had no entry date and were dated by their first dial.`]
      : []),
    ...(leadsUndated > 0
      ? [`leads: ${grouped(leadsUndated)} have no entry date and no dial: left out until they are dialed.`]
      : []),
  ];
}

function toRemarks({ tally, notes, zoneDoubts, zone }: SyncResult): string[] {
  const remarks = [
    ...notes,
    ...toUndated(tally),
    ...(tally.withoutAgentRow > 0
      ? [
          `${tally.withoutAgentRow} answered calls of agents have no row in the agent log: their talk and wrap count as 0.`,
        ]
      : []),
    ...(zoneDoubts.rows * 2 > zoneDoubts.of
      ? [
          `The clocks of ${zoneDoubts.rows} of ${zoneDoubts.of} calls don't fit ${zone}: is --source-timezone right? Calls have epochs; leads have not.`,
        ]
      : []),
  ];
  return remarks.length > 0 ? [remarks.join('\n')] : [];
}
