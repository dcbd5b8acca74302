import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sql } from '../../src/sql.ts';
import { purgeCalls, purgeLead } from '../../src/store/purge.ts';
import { openWorld } from '../world.ts';

const world = openWorld();
const call = { campaign_id: 1, started_at: '2026-06-03T09:00:00Z', outcome: 'answered' };
const calls = () =>
  world.store.query<{ call_id: string; lead_id: number }>(
    sql`SELECT call_id, lead_id FROM calls FINAL WHERE tenant_id = {t:UInt64} ORDER BY call_id`.bind({
      t: world.tenantId,
    }),
  );

test('a lead goes with all versions of its calls, and brings none of them back', async () => {
  const tenantId = world.tenantId;
  await world.ingest('leads', [
    { lead_id: 5, campaign_id: 1, source: 'UNMISTAKABLE-SOURCE', created_at: '2026-06-01' },
  ]);
  // Each version lies in a part of its own.
  await world.ingest('calls', [{ ...call, call_id: 'was-7s', lead_id: 7, updated_at: '2026-06-04' }]);
  await world.ingest('calls', [{ ...call, call_id: 'was-7s', lead_id: 5, updated_at: '2026-06-05' }]);
  await world.ingest('calls', [{ ...call, call_id: 'was-5s', lead_id: 5, updated_at: '2026-06-04' }]);
  await world.ingest('calls', [{ ...call, call_id: 'was-5s', lead_id: 7, updated_at: '2026-06-05' }]);
  await world.ingest('calls', [{ ...call, call_id: 'never', lead_id: 8 }]);
  expect(await purgeLead(world.store, { tenantId, leadId: 5 })).toEqual({
    calls: 1,
    leads: 1,
    refused_rows: 0,
    names: 0,
    gone: true,
  });
  expect(await calls()).toEqual([
    { call_id: 'never', lead_id: 8 },
    { call_id: 'was-5s', lead_id: 7 },
  ]);
  const [left] = await world.store.query<{ versions: number }>(
    sql`SELECT count() AS versions FROM calls WHERE tenant_id = {t:UInt64} AND (lead_id = 5 OR call_id = 'was-7s')`.bind(
      { t: tenantId },
    ),
  );
  expect(left).toEqual({ versions: 0 });
  expect(await purgeLead(world.store, { tenantId, leadId: 5 })).toEqual({
    calls: 0,
    leads: 0,
    refused_rows: 0,
    names: 0,
    gone: true,
  });
});

test('what is purged is on no file of the disk any more', async () => {
  const tenantId = world.tenantId;
  const secret = 'unmistakable-call-id-4711';
  await world.ingest('calls', [
    { ...call, call_id: secret },
    { ...call, call_id: 'other', started_at: '2026-06-05T09:00:00Z' },
  ]);
  const [part] = await world.store.query<{ path: string }>(
    sql`SELECT any(path) AS path FROM system.parts WHERE table = 'calls' AND active AND database = currentDatabase()`,
  );
  const table = join(part?.path ?? '', '..');
  const files = (directory: string): string[] =>
    readdirSync(directory).flatMap((name) => {
      const path = join(directory, name);
      return statSync(path).isDirectory() ? files(path) : [path];
    });
  const holders = () => files(table).filter((path) => readFileSync(path).includes(secret));
  expect(holders()).not.toEqual([]);
  const window = { from: Date.parse('2026-06-03'), to: Date.parse('2026-06-04') };
  expect(await purgeCalls(world.store, { tenantId, ...window })).toMatchObject({ calls: 1, gone: true });
  expect(holders()).toEqual([]);
  expect((await calls()).map(({ call_id }) => call_id)).toEqual(['other']);
});
