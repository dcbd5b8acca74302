/** What is made of a file, as it is written: our rows, the bad ones beside them, and how many there are of everything. */
import { join } from 'node:path';
import { toMadeRecord } from '../ingest/origin.ts';
import { type CallParts, mergeParts } from './calls/merge-parts.ts';
import type { MadeRow } from './calls/part.ts';
import type { Resolved } from './calls/resolve-calls.ts';
import type { BadRow } from './convert.ts';
import { LineFile } from './disk/line-file.ts';
import type { Mapping } from './language/mapping.ts';
import type { MappedTally } from './tally.ts';

/** What was written of a file: plain data. */
export interface WrittenRows {
  rows: number;
  rowsPath: string;
  badPath: string;
  counts: {
    read: number;
    skipped: number;
    refused: number;
    merged: number;
    /** Calls of which a row is refused that could not have decided them. */
    incomplete: number;
    repeatedTimes: number;
  };
  /** How many calls were made of so many parts. */
  joined: Map<number, number>;
  skippedBy: Map<string, number>;
  refusedBy: { field: string; reason: string; rows: number }[];
}

/** The files of rows, good and bad, that are made of one file. */
export class MadeFiles {
  readonly counts: WrittenRows['counts'] = {
    read: 0,
    skipped: 0,
    refused: 0,
    merged: 0,
    incomplete: 0,
    repeatedTimes: 0,
  };
  private readonly mapping: Mapping;
  private readonly tally: MappedTally;
  private readonly rows: LineFile;
  private readonly bad: LineFile;
  private readonly paths: Pick<WrittenRows, 'rowsPath' | 'badPath'>;
  private readonly joined = new Map<number, number>();
  private readonly skippedBy: Map<string, number>;
  private readonly refusedBy = new Map<string, WrittenRows['refusedBy'][number]>();

  private constructor(
    mapping: Mapping,
    tally: MappedTally,
    paths: Pick<WrittenRows, 'rowsPath' | 'badPath'>,
    [rows, bad]: readonly [LineFile, LineFile],
  ) {
    [this.mapping, this.tally, this.paths, this.rows, this.bad] = [mapping, tally, paths, rows, bad];
    this.skippedBy = new Map((mapping.skip ?? []).map(({ because }) => [because, 0]));
  }

  /** Opens the files in a directory. */
  static async open(mapping: Mapping, directory: string, tally: MappedTally): Promise<MadeFiles> {
    const [rowsPath, badPath] = [join(directory, 'rows.ndjson'), join(directory, 'bad.ndjson')];
    const rows = await LineFile.open(rowsPath);
    return new MadeFiles(mapping, tally, { rowsPath, badPath }, [rows, await LineFile.open(badPath)]);
  }

  /** Writes a row. */
  async addRow({ line, values, row }: MadeRow): Promise<void> {
    await this.rows.write(toMadeRecord(line, this.tally.addRow(values, row), row));
  }

  /** Writes what is wrong with a line. */
  async refuse(one: BadRow, values: readonly string[]): Promise<void> {
    this.counts.refused++;
    this.tally.add(values, 'refused');
    for (const { field, reason } of one.faults) {
      const key = JSON.stringify([field, reason]);
      const known = this.refusedBy.get(key) ?? { field, reason, rows: 0 };
      known.rows++;
      this.refusedBy.set(key, known);
    }
    await this.bad.write(one);
  }

  /** Counts a line that is left out. */
  skip(because: string, values: readonly string[]): void {
    this.counts.skipped++;
    this.skippedBy.set(because, (this.skippedBy.get(because) ?? 0) + 1);
    this.tally.add(values, 'skipped');
  }

  /** Writes what became of rows with one key. */
  async addResolved({ calls, refused, skipped }: Resolved): Promise<void> {
    for (const call of calls) await this.addCall(call);
    const reason = 'is part of a call of which another row is refused';
    for (const { line, values } of refused) {
      await this.refuse({ line, faults: [{ field: '(line)', reason }], row: {} }, values);
    }
    for (const { because, made } of skipped) this.skip(because, made.values);
  }

  /** All that was written. */
  written(): WrittenRows {
    const { counts, joined, skippedBy } = this;
    return { rows: this.rows.lines, ...this.paths, counts, joined, skippedBy, refusedBy: [...this.refusedBy.values()] };
  }

  /** Closes the files. */
  async close(): Promise<void> {
    await this.rows.close();
    await this.bad.close();
  }

  private async addCall({ parts, left }: CallParts): Promise<void> {
    const merged = mergeParts({ parts, left }, this.mapping.merge ?? { by: [] });
    await this.addRow(merged);
    for (const { made: part } of parts) {
      if (part.line === merged.line) continue;
      this.counts.merged++;
      this.tally.add(part.values, 'merged');
    }
    if (left.length > 0) this.counts.incomplete++;
    if (parts.length > 1) this.joined.set(parts.length, (this.joined.get(parts.length) ?? 0) + 1);
  }
}
