/**
 * A server of its own process, whose memory is watched: `fill` makes calls of many agents, `serve` answers until its
 * standard input ends. It says where it listens, and at the end what it held at most above what it held idle.
 */
import { buildApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { sql } from '../../src/sql.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';

const [, , task, directory = '', agents = '0'] = process.argv;
const store = await openEmbedded({ path: directory });
await migrate(store);

if (task === 'fill') {
  await store.command(
    sql`INSERT INTO agents (tenant_id, agent_id, name, username, team_id, version)
      SELECT 1, number + 1, concat('Nguyễn Văn ', toString(number)), concat('agent', toString(number)), 0, bitShiftLeft(toUInt128(1780000000000), 80)
      FROM numbers({agents:UInt64})`.bind({ agents: Number(agents) }),
  );
  await store.command(
    sql`INSERT INTO calls (tenant_id, campaign_id, started_at, call_key, call_id, agent_id, outcome, talk_sec, version)
      SELECT 1, 43, toDateTime64('2026-06-01 00:00:00', 3, 'UTC') + toIntervalSecond(number % 800000), sipHash64(number),
        toString(number), number % {agents:UInt64} + 1, 'answered', number % 300, bitShiftLeft(toUInt128(1780000000000), 80)
      FROM numbers(3 * {agents:UInt64})`.bind({ agents: Number(agents) }),
  );
} else {
  const config = readConfig({ DATA_DIR: directory, RATE_LIMIT: '0', LOG_LEVEL: 'silent' });
  const app = await buildApp({ config, store, localKey: 'key' });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  // Idle is after a first question: what any answer needs is there.
  const url = `${address}/api/telesales/reports/dashboard?date_from=2026-06-01&date_to=2026-06-10&format=csv`;
  await (await fetch(url, { headers: { authorization: 'Bearer key', 'dialtally-tenant': '1' } })).text();
  globalThis.gc?.();
  const idle = process.memoryUsage.rss();
  let most = idle;
  const watching = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 2);
  console.log(JSON.stringify({ address }));
  for await (const _ of process.stdin);
  clearInterval(watching);
  console.log(JSON.stringify({ idle, most }));
  await app.close();
}
await store.close();
