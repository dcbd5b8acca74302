/** The report at the end of a sync of Asterisk's call records. */
import type { CdrSyncResult } from '../../dialers/asterisk/sync.ts';
import { outcomes } from '../../tables.ts';
import { toPrintable } from './printable.ts';
import { grouped } from './progress.ts';
import { sumOfTables, toLag, toRefusedTables } from './sync-tally.ts';
import { toTable } from './table.ts';

const right = (label: string) => ({ label, align: 'right' as const });

/** What a sync did, beside what the table itself counts, for a person to read. */
export function toCdrReport(result: CdrSyncResult, url: string | undefined): string {
  const first = [...result.tally.ingested.values()].flatMap((of) => of.first);
  return [
    toReading(result),
    toIngested(result),
    ...toRefusedTables(result.tally.ingested, url),
    ...(first.length > 0 ? [`The first of them:\n${first.map((text) => `  ${toPrintable(text)}`).join('\n')}`] : []),
    ...toOutcomes(result),
    ...toDispositions(result),
    ...toRemarks(result),
  ].join('\n\n');
}

/** The same in one line, for a log. */
export function toBriefCdrReport({ tally, caughtUpAt }: CdrSyncResult): string {
  const sum = (of: 'taken_in' | 'refused') => sumOfTables(tally.ingested, of);
  return `${new Date().toISOString()}  ${tally.read} rows read, ${tally.written} written, ${sum('taken_in')} calls taken in, ${sum('refused')} rows refused, ${toLag(caughtUpAt)}`;
}

function toReading({ tally, from, until, zone, caughtUpAt }: CdrSyncResult): string {
  const { read, written, unchanged, earlier, skipped, merged, incomplete, replaced } = tally;
  const part = from === '' ? 'No rows to read.' : `Rows from ${from} to ${until} (${zone}).`;
  const reasons = [...skipped].map(([because, rows]) => `${grouped(rows)} ${toPrintable(because)}`);
  return [
    `${part} ${grouped(read)} rows read: ${grouped(written)} written, ${grouped(unchanged)} as they were, ${grouped(earlier)} of calls that began before.`,
    ...(reasons.length > 0 ? [`skipped: ${reasons.join(', ')}`] : []),
    ...(merged > 0 ? [`merged: ${grouped(merged)} rows are parts of calls, beside the one that stands for each`] : []),
    ...(incomplete > 0
      ? [`incomplete: ${grouped(incomplete)} calls went in without a part that is refused: another part decides`]
      : []),
    ...(replaced > 0 ? [`replaced: ${grouped(replaced)} calls that were in are others, by rows that came since`] : []),
    toLag(caughtUpAt),
  ].join('\n');
}

function toIngested({ tally }: CdrSyncResult): string {
  if (tally.ingested.size === 0) return 'Nothing had changed.';
  const skipped = [...tally.skipped.values()].reduce((all, rows) => all + rows, 0);
  return toTable(
    [{ label: 'Table' }, ...['Rows out', 'Skipped', 'Merged', 'Refused', 'Taken in'].map(right)],
    [...tally.ingested].map(([table, { rows_read, taken_in, refused }]) =>
      [table, rows_read, skipped, tally.merged, refused, taken_in].map(String),
    ),
  );
}

function toOutcomes({ tally }: CdrSyncResult): string[] {
  const rows = outcomes.flatMap((outcome) => {
    const calls = tally.outcomes.get(outcome) ?? 0;
    return calls > 0 ? [[outcome, String(calls)]] : [];
  });
  return rows.length > 0 ? [toTable([{ label: 'Outcome' }, right('Calls')], rows)] : [];
}

/** What was read beside what the table counts: a difference came or changed while the sync ran. */
function toDispositions({ tally, counted }: CdrSyncResult): string[] {
  if (counted.length === 0) return [];
  const theirs = new Map(counted.map(({ disposition, rows }) => [disposition, rows]));
  const words = [...new Set([...tally.dispositions.keys(), ...theirs.keys()])].sort(
    (one, other) => (theirs.get(other) ?? 0) - (theirs.get(one) ?? 0) || (one < other ? -1 : 1),
  );
  const rows = words.map((word) => {
    const [read, own] = [tally.dispositions.get(word) ?? 0, theirs.get(word) ?? 0];
    return [toPrintable(word), String(read), String(own), read === own ? '' : String(read - own)];
  });
  return [toTable([{ label: 'Disposition' }, ...['Read', 'Asterisk', 'Apart'].map(right)], rows)];
}

function toRemarks({ tally, notes }: CdrSyncResult): string[] {
  const remarks = [
    ...notes,
    ...(tally.undated > 0 ? [`${grouped(tally.undated)} rows of cdr have no calldate: left out.`] : []),
  ];
  return remarks.length > 0 ? [remarks.join('\n')] : [];
}
