import { name, type Sql, sql } from '../../src/sql.ts';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import type { Store } from '../../src/store/store.ts';

/** When the rows of an earlier store were last changed at their source. */
export const changedAt = Date.parse('2026-05-01T00:00:00.123Z');

/** How many calls an earlier store has of each tenant. */
export const calls = 2000;

// Written out: what is on disk does not change with today's code. Calls of six months, all with one updated_at, and a hash of
// their fields as text, in the order in which they were declared.
const earlierCalls = sql`
  INSERT INTO calls (tenant_id, campaign_id, started_at, call_key, call_id, agent_id, outcome, talk_sec, version)
  SELECT arrayJoin([1, 2]), 43, parseDateTime64BestEffort(started_at, 3, 'UTC'), sipHash64(call_id), call_id, 7, 'answered', 60,
    bitOr(bitShiftLeft(toUInt128({changed:Int64}), 64), toUInt128(cityHash64(
      call_id, '43', '', '7', '', '', started_at, 'answered', '', '60', '', '', '', '')))
  FROM (
    SELECT concat('call-', toString(number)) AS call_id,
      concat(replaceOne(toString(toDateTime('2025-11-01 00:00:00', 'UTC') + number * 7200), ' ', 'T'), 'Z') AS started_at
    FROM numbers(2000)
  )`.bind({ changed: changedAt });

// Each row three times: later in the file, later by its instant.
const earlierVersion = sql`arrayJoin([
  bitOr(bitShiftLeft(toUInt128({changed:Int64}), 64), toUInt128(number)),
  bitOr(bitShiftLeft(toUInt128({changed:Int64}), 64), toUInt128(18446744073709551615)),
  bitOr(bitShiftLeft(toUInt128({changed:Int64} + 1), 64), cityHash64(number))])`.bind({ changed: changedAt });

const earlierOthers = [
  sql`INSERT INTO campaigns (tenant_id, campaign_id, name, version) SELECT 1, number + 1, toString(version), ${earlierVersion} AS version FROM numbers(20)`,
  sql`INSERT INTO teams (tenant_id, team_id, name, version) SELECT 1, number + 1, toString(version), ${earlierVersion} AS version FROM numbers(20)`,
  sql`INSERT INTO agents (tenant_id, agent_id, name, version) SELECT 1, number + 1, toString(version), ${earlierVersion} AS version FROM numbers(20)`,
  sql`INSERT INTO dispositions (tenant_id, code, label, version) SELECT 1, toString(number), toString(version), ${earlierVersion} AS version FROM numbers(20)`,
  sql`INSERT INTO caller_ids (tenant_id, cid, display_name, version) SELECT 1, toString(number), toString(version), ${earlierVersion} AS version FROM numbers(20)`,
  sql`INSERT INTO leads (tenant_id, lead_id, source, created_at, version) SELECT number % 20, number + 1, toString(version), now64(3), ${earlierVersion} AS version FROM numbers(200)`,
];

/** What a program of before the generations writes: rows of each table. */
export const writesOfEarlier: readonly Sql[] = [earlierCalls, ...earlierOthers];

/** The tables whose rows have versions with room for a generation. */
const upgraded = ['campaigns', 'teams', 'agents', 'dispositions', 'caller_ids', 'leads', 'calls'] as const;

/** Fills an empty store as the version before generations left it: each row once more than counts. */
export async function fillEarlier(store: Store): Promise<void> {
  await migrate(store, { migrations: readMigrations().filter(({ number }) => number < 10) });
  for (const statement of [earlierCalls, ...writesOfEarlier]) await store.command(statement);
}

/** The rows that count in each table, with the instant and the hash of each, which stand so many bits apart. */
export async function rowsOf(store: Store, bits: 64 | 80) {
  const found: Record<string, unknown> = {};
  for (const table of upgraded) {
    [found[table]] = await store.query(
      sql`SELECT count() AS rows, toString(sum(cityHash64(tuple(* EXCEPT version)))) AS fields,
          toString(sum(cityHash64(tuple(bitShiftRight(version, {bits:UInt8}), toUInt64(version), * EXCEPT version)))) AS versions
        FROM ${name(table)} FINAL`.bind({ bits }),
    );
  }
  return found;
}

/** What an upgrade that was done leaves nothing of: copies, and tables with rows of an earlier version. */
export async function leftBehind(store: Store): Promise<string[]> {
  const copies = await store.query<{ name: string }>(
    sql`SELECT name FROM system.tables WHERE startsWith(name, 'staging_')`,
  );
  const left = copies.map((copy) => copy.name);
  for (const table of upgraded) {
    const [found] = await store.query<{ rows: number }>(
      sql`SELECT count() AS rows FROM ${name(table)} WHERE bitShiftRight(version, 106) = 0`,
    );
    if (found?.rows !== 0) left.push(table);
  }
  return left;
}
