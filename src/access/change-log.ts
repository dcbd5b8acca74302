import { type Static, Type } from 'typebox';
import { byName, closed, instant, word } from '../shapes.ts';
import { fromMs, sql, toIso } from '../sql.ts';
import type { Store } from '../store/store.ts';
import { doerShape } from './doer.ts';
import type { Principal } from './roles.ts';

/** What is written down when somebody does it. */
export const changeActions = [
  'token.created',
  'token.ended',
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
  changed_at: instant(),
  details: byName(Type.Unknown(), { description: 'What became of what, by the action' }),
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
      const record = toStored(who, change, now());
      // It is done: that it could not be written down undoes nothing.
      await store.insert('changes_audit', [record]).catch((error: unknown) => onLost(error, record));
    },
    async list(tenantId, { from, to, limit, signal }) {
      const rows = await store.query<Omit<ChangeRecord, 'details'> & { details: string }>(
        sql`SELECT action, nullIf(log.token_id, 0) AS token_id, role, ${toIso(sql`log.changed_at`)} AS changed_at, details
          FROM (SELECT tenant_id, changed_at, token_id, role, toString(action) AS action, details FROM changes_audit
            UNION ALL SELECT tenant_id, changed_at, token_id, role, 'setting.changed' AS action,
              toJSONString(CAST((name, old_value, new_value), 'Tuple(name String, old_value Float64, new_value Float64)')) AS details
            FROM settings_changes) AS log
          WHERE log.tenant_id IN ({tenant:UInt64}, 0)
            AND log.changed_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
            AND log.changed_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
          ORDER BY log.changed_at DESC, log.action, log.details LIMIT {limit:UInt32}`.bind({
          tenant: tenantId,
          from,
          to,
          limit,
        }),
        { tenantId, ...(signal && { signal }) },
      );
      return rows.map(({ details, ...row }) => ({ ...row, details: JSON.parse(details) as Record<string, unknown> }));
    },
  };
}

/** Writes down in a store that nobody serves yet that it was made of a backup. */
export async function recordRestore(store: Store, at: number, details: Record<string, unknown>): Promise<void> {
  const change = { tenantId: 0, action: 'restore.done', details } as const;
  await store.insert('changes_audit', [toStored({ role: 'operator' }, change, at)]);
}

function toStored(
  { tokenId = 0, role }: Pick<Principal, 'tokenId' | 'role'>,
  { tenantId, action, details }: Change,
  at: number,
): Record<string, unknown> {
  return {
    tenant_id: tenantId,
    changed_at: fromMs(at),
    token_id: tokenId,
    role,
    action,
    details: JSON.stringify(details),
  };
}
