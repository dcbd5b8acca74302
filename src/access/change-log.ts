/** The log of what people changed, apart from rows: tokens, settings, purges, tenants and restores, and who did it. */
import { type Static, Type } from 'typebox';
import { closed, isoInstant, named, word } from '../shapes.ts';
import { sql } from '../sql.ts';
import { changesAudit, settingsChanges } from '../store/kept/access.ts';
import type { KeptRowOf } from '../store/kept.ts';
import type { Store } from '../store/store.ts';
import { doerShape } from './doer.ts';
import type { Principal } from './roles.ts';

/** What is written down when somebody does it. */
export const changeActions = [
  'token.created',
  'token.ended',
  'link.made',
  'session.begun',
  'session.ended',
  'setting.changed',
  'purge.done',
  'tenant.named',
  'restore.done',
] as const;

/** Something that was done. */
export interface Change {
  /** 0: it is about every tenant. */
  tenantId: number;
  action: Exclude<(typeof changeActions)[number], 'setting.changed'>;
  details: Record<string, unknown>;
}

/** One change as an admin sees it, as JSON. */
export const changeSchema = closed({
  action: word(changeActions),
  ...doerShape,
  changed_at: isoInstant(),
  details: named(Type.Unknown(), { description: 'What became of what, by the action' }),
});
/** One change, as an admin sees it. */
export type ChangeRecord = Static<typeof changeSchema>;

/** Who changed what, for good. */
export interface ChangeLog {
  /** Writes a change down that was made; resolves when it is on disk. What can't be written is told to `onLost`. */
  add(who: Pick<Principal, 'tokenId' | 'role'>, change: Change): Promise<void>;
  /** A tenant's changes in a window, newest first; those of its settings, and those of all tenants, too. */
  list(
    tenantId: number,
    asked: { from: number; to: number; limit: number; signal?: AbortSignal },
  ): Promise<ChangeRecord[]>;
}

/** Opens the log. */
export function openChangeLog(
  store: Store,
  now: () => number,
  onLost: (error: unknown, record: object) => void,
): ChangeLog {
  return {
    async add(who, change) {
      const record = toRow(who, change, now());
      // It is done: that it could not be written down undoes nothing.
      await changesAudit.add(store, [record]).catch((error: unknown) => onLost(error, record));
    },
    async list(tenantId, { from, to, limit, signal }) {
      const rows = await store.query<Omit<ChangeRecord, 'details'> & { details: string }>(
        sql`SELECT action, ${changesAudit.read('log', 'token_id', 'role', 'changed_at')}, details
          FROM (SELECT changed_at, token_id, role, toString(action) AS action, details FROM ${changesAudit.of(tenantId)} AS done
            UNION ALL SELECT changed_at, token_id, role, 'setting.changed' AS action,
              toJSONString(CAST((name, old_value, new_value), 'Tuple(name String, old_value Float64, new_value Float64)')) AS details
            FROM ${settingsChanges.of(tenantId)} AS changed) AS log
          WHERE log.changed_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
            AND log.changed_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
          ORDER BY log.changed_at DESC, log.action, log.details LIMIT {limit:UInt32}`.bind({ from, to, limit }),
        { tenantId, ...(signal && { signal }) },
      );
      return rows.map(({ details, ...row }) => ({ ...row, details: JSON.parse(details) as Record<string, unknown> }));
    },
  };
}

/** Writes down in a store that nobody serves yet that it was made of a backup. */
export async function recordRestore(store: Store, at: number, details: Record<string, unknown>): Promise<void> {
  const change = { tenantId: 0, action: 'restore.done', details } as const;
  await changesAudit.add(store, [toRow({ role: 'operator' }, change, at)]);
}

function toRow(
  { tokenId, role }: Pick<Principal, 'tokenId' | 'role'>,
  { tenantId, action, details }: Change,
  at: number,
): KeptRowOf<typeof changesAudit> {
  return { tenant_id: tenantId, changed_at: at, token_id: tokenId ?? null, role, action, details };
}
