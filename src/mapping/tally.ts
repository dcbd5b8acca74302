/** Counts what becomes of a mapped file's rows, by the file's own values. */
import { shorten } from '../document/short.ts';
import { mayBePhone } from '../ingest/phone-like.ts';
import type { Mapping } from './language/mapping.ts';
import { countedColumns } from './language/rule-columns.ts';
import type { SourceTotal } from './reconciliation.ts';

/** Rows with the same counted values, outcome and disposition. */
interface Group {
  values: readonly string[];
  outcome: string;
  disposition: string;
  rows: number;
}

/** Counts as plain data. */
export interface KeptTally {
  columns: readonly string[];
  totals: Map<string, SourceTotal>;
  groups: Group[];
}

const maxTotals = 200;
const maxGroups = 20_000;

/** Counts what becomes of rows, by the file's own values. */
export class MappedTally {
  readonly columns: readonly string[];
  private readonly positions: readonly number[];
  private readonly totals: Map<string, SourceTotal>;
  private readonly groups: Group[];
  private readonly groupIds = new Map<string, number>();

  private constructor({ columns, totals, groups }: KeptTally, positions: readonly number[]) {
    [this.columns, this.totals, this.groups, this.positions] = [columns, totals, groups, positions];
  }

  /** Opens the counts of a mapping's file. */
  static open(mapping: Mapping, positionOf: (column: string) => number): MappedTally {
    const columns = countedColumns(mapping);
    return new MappedTally({ columns, totals: new Map(), groups: [] }, columns.map(positionOf));
  }

  /** The counts that were kept, to be finished. */
  static reopen(kept: KeptTally): MappedTally {
    return new MappedTally(kept, []);
  }

  /** The counts as plain data. */
  keep(): KeptTally {
    return { columns: this.columns, totals: this.totals, groups: this.groups };
  }

  /** The counted values of a row. */
  valuesOf(fields: readonly string[]): string[] {
    return this.positions.map((position) => toShown(fields[position] ?? ''));
  }

  /** One more row of the file that ended like this. */
  add(values: readonly string[], what: 'skipped' | 'refused' | 'merged'): void {
    const total = this.totalOf(values);
    total.rows++;
    total[what]++;
  }

  /** One more row that is to be taken in. Gives the number of its group. */
  addRow(values: readonly string[], row: Readonly<Record<string, unknown>>): number {
    const [outcome, disposition] = [String(row.outcome ?? ''), String(row.disposition_code ?? '')];
    const key = JSON.stringify([values, outcome, disposition]);
    const known = this.groupIds.get(key);
    // Values without end: the rest is counted together.
    if (known === undefined && this.groups.length >= maxGroups && disposition !== others) {
      const rest = values.map(() => others);
      return this.addRow(rest, { outcome, disposition_code: others });
    }
    this.totalOf(values).rows++;
    if (known !== undefined) {
      const group = this.groups[known];
      if (group) group.rows++;
      return known;
    }
    // Of its own: cut from a text of the file, a few letters would hold on to all of it.
    const [own, ...texts] = JSON.parse(key) as [string[], string, string];
    this.groups.push({ values: own, outcome: texts[0], disposition: texts[1], rows: 1 });
    this.groupIds.set(key, this.groups.length - 1);
    return this.groups.length - 1;
  }

  /** The totals, once it is known how many rows of each group were refused after all; of what was held back, none went in. */
  finish(
    refusedByGroup: ReadonlyMap<number, number>,
    isHeldBack: boolean,
  ): {
    source_totals: SourceTotal[];
    by_outcome: Record<string, number>;
    by_disposition: Record<string, number>;
  } {
    const [byOutcome, byDisposition] = [new Map<string, number>(), new Map<string, number>()];
    const count = (into: Map<string, number>, key: string, rows: number) =>
      void (key !== '' && rows > 0 && into.set(key, (into.get(key) ?? 0) + rows));
    for (const [id, { values, outcome, disposition, rows }] of this.groups.entries()) {
      const total = this.totalOf(values);
      total.refused += refusedByGroup.get(id) ?? 0;
      const refused = isHeldBack ? rows : (refusedByGroup.get(id) ?? 0);
      total.taken_in += rows - refused;
      count(byOutcome, outcome, rows - refused);
      count(byDisposition, disposition, rows - refused);
      if (outcome !== '' && rows > refused) total.outcomes[outcome] = (total.outcomes[outcome] ?? 0) + rows - refused;
    }
    const byRows = (one: [string, number], other: [string, number]) =>
      other[1] - one[1] || (one[0] < other[0] ? -1 : 1);
    return {
      source_totals: [...this.totals.values()].sort((one, other) => other.rows - one.rows),
      by_outcome: Object.fromEntries([...byOutcome].sort(byRows)),
      by_disposition: Object.fromEntries([...byDisposition].sort(byRows)),
    };
  }

  private totalOf(values: readonly string[]): SourceTotal {
    const key = JSON.stringify(values);
    const known = this.totals.get(key);
    if (known) return known;
    if (this.totals.size >= maxTotals && values.some((value) => value !== others)) {
      return this.totalOf(values.map(() => others));
    }
    const own = JSON.parse(key) as string[];
    const total: SourceTotal = {
      values: Object.fromEntries(this.columns.map((column, index) => [column, own[index] ?? ''])),
      rows: 0,
      skipped: 0,
      refused: 0,
      merged: 0,
      taken_in: 0,
      outcomes: {},
    };
    this.totals.set(key, total);
    return total;
  }
}

const others = '(others)';

/** A value that may be shown: with many digits it may be somebody's phone number. */
export function toShown(text: string): string {
  if (mayBePhone(text)) return '(digits)';
  return toReadable(text, 60);
}

/** So many characters of a text of the file; nothing of one that could not be decoded, since its bytes are lost. */
export function toReadable(text: string, most: number): string {
  if (text.includes('\ufffd')) return '(not readable)';
  return shorten(text, most);
}
