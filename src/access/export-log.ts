/** The log of exports: who took which rows out as a file, how many, and whether all of it was sent. */
import { type Static, Type } from 'typebox';
import { fileFormatNames } from '../engine/file-formats.ts';
import { amount, closed, isoInstant, named, orNull, uuidText, word } from '../shapes.ts';
import { sql } from '../sql.ts';
import { exportsAudit } from '../store/kept/access.ts';
import type { KeptRowOf } from '../store/kept.ts';
import type { Store } from '../store/store.ts';
import { doerShape } from './doer.ts';

/** One export as an admin sees it, as JSON. */
export const exportRecordSchema = closed({
  export_id: uuidText(),
  ...doerShape,
  report: Type.String(),
  format: word(['json', ...fileFormatNames], 'json: a page of the rows behind a figure'),
  campaign_id: orNull(Type.Integer()),
  team_id: orNull(Type.Integer({ description: 'The filter, or the team that the token is held to' })),
  agent_ids: Type.Array(Type.Integer(), { description: 'The filter, or the token\u2019s agent' }),
  timezone: Type.String(),
  window_from: orNull(isoInstant('Null: the report is on the present')),
  window_to: orNull(isoInstant()),
  params: named(Type.String(), { description: 'The report\u2019s own parameters' }),
  rows: amount('Rows that were read for the file'),
  bytes: amount('Size of the file, as far as it was made'),
  outcome: word(['complete', 'failed'], 'complete: the last byte was sent'),
  started_at: isoInstant(),
  ended_at: isoInstant(),
});
/** One export, as an admin sees it. */
export type ExportRecord = Static<typeof exportRecordSchema>;

/** Every file that left, for good. */
export interface ExportLog {
  /** Writes an export down; soon, and not in the way of the next one. */
  add(tenantId: number, record: ExportRecord): void;
  /** A tenant's exports that began in a window, newest first. What was added before is there. */
  list(
    tenantId: number,
    asked: { from: number; to: number; limit: number; signal?: AbortSignal },
  ): Promise<ExportRecord[]>;
  /** Waits until everything that was added is written. */
  settled(): Promise<void>;
}

/** Opens the log. What can't be written is told to `onLost`. */
export function openExportLog(store: Store, onLost: (error: unknown, records: readonly object[]) => void): ExportLog {
  // One insert at a time, and all that came meanwhile in the next: many small inserts would make many parts.
  let next: KeptRowOf<typeof exportsAudit>[] | undefined;
  let written = Promise.resolve();
  // What comes later is not waited for: it may go on coming.
  const settled = () => written;

  return {
    settled,
    add(tenantId, record) {
      const row = toRow(tenantId, record);
      if (next) return void next.push(row);
      const records = [row];
      next = records;
      written = written.then(async () => {
        next = undefined;
        await exportsAudit.add(store, records).catch((error: unknown) => onLost(error, records));
      });
    },
    async list(tenantId, { from, to, limit, signal }) {
      await settled();
      return store.query<ExportRecord>(
        sql`SELECT ${exportsAudit.read('log', 'export_id', 'token_id', 'role', 'report', 'format')},
            ${exportsAudit.read('log', 'campaign_id', 'team_id', 'agent_ids', 'timezone', 'window_from', 'window_to', 'params')},
            row_count AS rows, byte_count AS bytes, ${exportsAudit.read('log', 'outcome', 'started_at', 'ended_at')}
          FROM ${exportsAudit.of(tenantId)} AS log
          WHERE log.started_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
            AND log.started_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
          ORDER BY log.started_at DESC, log.export_id DESC LIMIT {limit:UInt32}`.bind({ from, to, limit }),
        { tenantId, ...(signal && { signal }) },
      );
    },
  };
}

function toRow(tenantId: number, { rows, bytes, ...record }: ExportRecord): KeptRowOf<typeof exportsAudit> {
  return { ...record, tenant_id: tenantId, row_count: rows, byte_count: bytes };
}
