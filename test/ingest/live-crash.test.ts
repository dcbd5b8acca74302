import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storePath } from '../../src/cli/server/own-server.ts';
import { sql } from '../../src/sql.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { builtOf } from '../built.ts';

// CRASH_ROUNDS=200 looks longer.
const rounds = Number(process.env.CRASH_ROUNDS ?? 6);
const clients = 4;
const key = 'the-key-of-the-crash';

let directory: string;
let server: { child: ChildProcess; url: string } | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dialtally-live-'));
});

afterEach(() => {
  server?.child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const script = builtOf('test/ingest/live-server.ts');
  const child = spawn(process.execPath, [script, directory, key], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer];
  const url = /http:\S+/.exec(String(text))?.[0];
  if (!url) throw new Error(`the server did not start: ${String(text)}`);
  server = { child, url };
}

async function kill(): Promise<void> {
  const { child } = server ?? {};
  server = undefined;
  if (!child) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** A request as its client sends it, again and again until it is acknowledged. */
interface Sent {
  body: string;
  type: string;
  idempotencyKey?: string;
  ids: string[];
  importId?: string;
}

const headers = { authorization: `Bearer ${key}`, 'dialtally-tenant': '1' };

/** Posts once. Gives the answer when it is an acknowledgement; undefined when the server is away or died over it. */
async function post(sent: Sent) {
  const url = server?.url;
  if (!url) return undefined;
  try {
    const answer = await fetch(`${url}/api/telesales/ingest/calls`, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': sent.type,
        ...(sent.idempotencyKey && { 'idempotency-key': sent.idempotencyKey }),
      },
      body: sent.body,
    });
    const { data } = (await answer.json()) as { data?: { taken_in: number; import_id: string } };
    return data && { ...data, isReplay: answer.headers.get('idempotent-replayed') === 'true' };
  } catch {
    return undefined;
  }
}

test('whatever was acknowledged is there after every kill -9, and counts once', async () => {
  let seed = Number(process.env.CRASH_SEED ?? Date.now()) % 2 ** 31;
  console.log(`CRASH_SEED=${seed}`);
  const draw = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const acknowledged = new Set<string>();
  const sentIds = new Set<string>();
  const wrong: string[] = [];
  let isOver = false;
  let repeated = 0;
  let replayed = 0;

  /** One to four calls, each with a version that was outdated before it came. */
  function toRequest(client: number, n: number): Sent {
    const ids = Array.from({ length: 1 + draw(4) }, (_, row) => `${client}-${n}-${row}`);
    const row = (id: string, talk_sec: number, hour: number) => ({
      call_id: id,
      campaign_id: 1 + client,
      started_at: `2026-0${5 + (n % 2)}-02T09:00:00Z`,
      outcome: 'answered',
      talk_sec,
      updated_at: `2026-06-03T${hour}:00:00Z`,
    });
    const rows = ids.flatMap((id) => [row(id, 7, 12), row(id, 1000, 11)]);
    const idempotencyKey = n % 2 === 0 ? { idempotencyKey: `key-${client}-${n}` } : {};
    const shape = draw(3);
    if (shape === 0) return { ids, type: 'application/json', body: JSON.stringify(rows), ...idempotencyKey };
    if (shape === 1) {
      const csv = [Object.keys(rows[0] ?? {}), ...rows.map((one) => Object.values(one))].map((line) => line.join());
      return { ids, type: 'text/csv', body: csv.join('\n'), ...idempotencyKey };
    }
    const body = rows.map((one) => JSON.stringify(one)).join('\n');
    return { ids, type: 'application/x-ndjson', body, ...idempotencyKey };
  }

  async function sendUntilAcknowledged(sent: Sent): Promise<void> {
    for (const id of sent.ids) sentIds.add(id);
    for (;;) {
      const isThere = server !== undefined;
      const answer = await post(sent);
      if (answer) {
        if (answer.taken_in !== sent.ids.length * 2) wrong.push(`${sent.ids[0]}: took ${answer.taken_in} in`);
        // The answer that was kept is the one that was given.
        if (sent.importId && sent.idempotencyKey) {
          if (!answer.isReplay || answer.import_id !== sent.importId) wrong.push(`${sent.ids[0]}: another answer`);
          else replayed++;
        }
        sent.importId = answer.import_id;
        for (const id of sent.ids) acknowledged.add(id);
        return;
      }
      if (isThere) repeated++;
      await sleep(5);
    }
  }

  async function work(client: number): Promise<void> {
    const before: Sent[] = [];
    for (let n = 0; !isOver; n++) {
      const sent = toRequest(client, n);
      await sendUntilAcknowledged(sent);
      before.push(sent);
      // Sometimes what was acknowledged long ago comes again.
      if (draw(8) === 0) await sendUntilAcknowledged(before[draw(before.length)] ?? sent);
    }
  }

  /** All dials that the dashboard counts. */
  async function dials(): Promise<number> {
    const window = 'date_from=2026-05-01&date_to=2026-06-30';
    const answer = await fetch(`${server?.url}/api/telesales/reports/dashboard?${window}`, { headers });
    return ((await answer.json()) as { data: { total_dials: number } }).data.total_dials;
  }

  await start();
  const working = Array.from({ length: clients }, (_, client) => work(client));
  for (let round = 0; round < rounds; round++) {
    const known = acknowledged.size;
    // Some rows come in on every server, then it dies at any moment of what it does.
    while (acknowledged.size < known + 3) await sleep(5);
    await sleep(draw(300));
    await kill();
    const kept = acknowledged.size;
    await start();
    const found = await dials();
    if (found < kept) wrong.push(`round ${round}: ${kept} calls were acknowledged, and ${found} are there`);
    if (found > sentIds.size) wrong.push(`round ${round}: ${sentIds.size} calls were sent, and ${found} are there`);
  }
  isOver = true;
  await Promise.all(working);
  expect(await dials()).toBe(acknowledged.size);
  await kill();

  const store = await openEmbedded({ path: storePath(directory) });
  const rows = await store.query<{ call_id: string; talk_sec: number }>(
    sql`SELECT call_id, talk_sec FROM calls FINAL WHERE tenant_id = 1`,
  );
  await store.close();
  expect(wrong).toEqual([]);
  expect(new Set(rows.map((row) => row.call_id))).toEqual(acknowledged);
  expect(rows.length).toBe(acknowledged.size);
  expect(rows.filter((row) => row.talk_sec !== 7)).toEqual([]);
  expect(repeated).toBeGreaterThan(0);
  console.log(`${rounds} kills, ${acknowledged.size} calls, ${repeated} attempts in vain, ${replayed} answers again`);
}, 3_600_000);
