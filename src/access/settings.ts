/** Each tenant's thresholds where they are kept: reading them, changing them, and who changed which of them when. */
import { type Static, Type } from 'typebox';
import {
  isSettingName,
  readSettings,
  type SettingName,
  type SettingValues,
  settingNames,
  toSettings,
  toSettingValues,
} from '../engine/setting-fields.ts';
import type { Settings } from '../engine/settings.ts';
import { closed, isoInstant, word } from '../shapes.ts';
import { sql } from '../sql.ts';
import { settingsChanges } from '../store/kept/access.ts';
import type { Store } from '../store/store.ts';
import { inTurn } from '../store/turns.ts';
import { doerShape } from './doer.ts';
import type { Principal } from './roles.ts';

/** One change of one setting as an admin sees it, as JSON. */
export const settingChangeSchema = closed({
  name: word(settingNames),
  old_value: Type.Number(),
  new_value: Type.Number(),
  ...doerShape,
  changed_at: isoInstant(),
});
/** One change of one setting, as an admin sees it. */
export type SettingChange = Static<typeof settingChangeSchema>;

/** The settings of all tenants. */
export interface TenantSettings {
  /** What a tenant judges by now; the defaults until it says otherwise. */
  of(tenantId: number): Promise<Settings>;
  /** Changes what a JSON object names of the asker's settings, all or nothing. Throws InvalidParams. Gives all of them. */
  set(who: Pick<Principal, 'tenantId' | 'tokenId' | 'role'>, changes: unknown): Promise<Settings>;
  /** A tenant's changes in a window, newest first. */
  changes(
    tenantId: number,
    asked: { from: number; to: number; limit: number; signal?: AbortSignal },
  ): Promise<SettingChange[]>;
}

interface Known {
  settings: Promise<Settings>;
  readAt: number;
}

/**
 * Opens the settings. They are read once in `maxAgeMs` for each tenant that is asked about, so that another server's
 * change is seen within that time; this one's own at once.
 */
export function openSettings(
  store: Store,
  stamp: () => number,
  { maxAgeMs = 2000, elapsed = () => performance.now() }: { maxAgeMs?: number; elapsed?: () => number } = {},
): TenantSettings {
  const known = new Map<number, Known>();

  const read = async (tenantId: number) => {
    const rows = await store.query<{ name: string; value: number; changed_ms: number }>(
      sql`SELECT log.name AS name, toFloat64(argMax(log.new_value, (log.changed_at, log.new_value))) AS value,
          toUnixTimestamp64Milli(max(log.changed_at)) AS changed_ms
        FROM ${settingsChanges.of(tenantId)} AS log GROUP BY log.name`,
      { lane: 'own', tenantId },
    );
    const values = rows.filter(({ name }) => isSettingName(name)).map(({ name, value }) => [name, value]);
    return {
      settings: toSettings(Object.fromEntries(values)),
      changedAt: Math.max(0, ...rows.map((row) => row.changed_ms)),
    };
  };

  return {
    of(tenantId) {
      const found = known.get(tenantId);
      if (found && elapsed() - found.readAt < maxAgeMs) return found.settings;
      const reading = { settings: read(tenantId).then(({ settings }) => settings), readAt: elapsed() };
      known.set(tenantId, reading);
      // What could not be read is asked for again.
      reading.settings.catch(() => known.get(tenantId) === reading && known.delete(tenantId));
      return reading.settings;
    },
    set: ({ tenantId, tokenId, role }, changes) =>
      // One change at a time: each is judged by what the one before it left.
      inTurn(store, { what: 'settings', tenantId }, async () => {
        const { settings: present, changedAt } = await read(tenantId);
        const before = toSettingValues(present);
        const given = Object.entries(readSettings(changes, present)) as [SettingName, number][];
        const changed = given.filter(([name, value]) => before[name] !== value);
        // Later than all before it, also when another machine's clock is ahead.
        const at = Math.max(stamp(), changedAt + 1);
        if (changed.length > 0) {
          await settingsChanges.add(
            store,
            changed.map(([name, value]) => ({
              tenant_id: tenantId,
              name,
              old_value: before[name],
              new_value: value,
              token_id: tokenId ?? null,
              role,
              changed_at: at,
            })),
            { lane: 'own', tenantId },
          );
        }
        const settings = toSettings({ ...before, ...(Object.fromEntries(changed) as Partial<SettingValues>) });
        known.set(tenantId, { settings: Promise.resolve(settings), readAt: elapsed() });
        return settings;
      }),
    changes: (tenantId, { from, to, limit, signal }) =>
      store.query<SettingChange>(
        sql`SELECT ${settingsChanges.read('log', 'name', 'old_value', 'new_value', 'token_id', 'role', 'changed_at')}
          FROM ${settingsChanges.of(tenantId)} AS log
          WHERE log.changed_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
            AND log.changed_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
          ORDER BY log.changed_at DESC, log.name LIMIT {limit:UInt32}`.bind({ from, to, limit }),
        { tenantId, ...(signal && { signal }) },
      ),
  };
}
