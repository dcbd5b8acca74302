/** A disk of a few megabytes that fills up: what goes on, what is told, and what is lost (nothing). */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Floor, openFloor, worker } from './floor.ts';

const disk = mkdtempSync(join(tmpdir(), 'dialtally-disk-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128m', 'none', disk]).status === 0;
const why = isMounted ? '' : ': only root may mount a small disk for it; run it as root';
const mb = 1024 ** 2;

let floor: Floor;
beforeAll(async () => {
  if (!isMounted) return;
  const usual = process.env.TMPDIR;
  process.env.TMPDIR = disk;
  floor = await openFloor({ DISK_RESERVE_MB: '24', RATE_LIMIT: '0' });
  if (usual === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usual;
}, 60_000);
afterAll(async () => {
  await floor?.close();
  if (isMounted) spawnSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** Fills the disk but for so many bytes; to the last one with 0. */
function fill(leftBytes: number): void {
  const { bavail, bsize } = statfsSync(disk);
  const file = openSync(join(disk, 'filling'), 'a');
  try {
    for (let left = bavail * bsize - leftBytes; left > 0; left -= mb) writeSync(file, Buffer.alloc(Math.min(mb, left)));
    while (leftBytes === 0) writeSync(file, Buffer.alloc(512));
  } catch (error) {
    expect((error as { code: string }).code).toBe('ENOSPC');
  } finally {
    closeSync(file);
  }
}
const makeRoom = () => rmSync(join(disk, 'filling'), { force: true });

interface Told {
  data: { token_id: number; token: string; revoked_at: string | null };
}
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code?: string }).code];
const make = (tenant = worker) =>
  floor.asOperator('/api/telesales/tokens', { method: 'POST', tenant, json: { role: 'admin' } });
const works = async (token: string) =>
  (await fetch(`${floor.url}/api/telesales/campaigns`, { headers: { authorization: `Bearer ${token}` } })).status;
const row = (id: string) =>
  `${JSON.stringify({ call_id: id, campaign_id: 1, started_at: '2026-07-01T09:00:00Z', outcome: 'answered' })}\n`;
const ndjson = { 'content-type': 'application/x-ndjson' };
const isReady = async () => (await fetch(`${floor.url}/readyz`)).status;

test.skipIf(!isMounted)(`one tenant\u2019s bodies leave room for another\u2019s${why}`, async () => {
  const [theirs, ours] = [await floor.token('ingest'), await floor.token('ingest', { tenant: worker })];
  // It goes on sending until it is told off, and leaves what it sent lying.
  const line = row('x'.repeat(190));
  const endless = () => {
    let sent = 0;
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (sent < 40 * mb) controller.enqueue(Buffer.from(line.repeat(4000)));
          else await new Promise((resolve) => setTimeout(resolve, 50));
          sent += line.length * 4000;
        },
      },
      { highWaterMark: 0 },
    );
  };
  const ending = new AbortController();
  const sending = Array.from({ length: 3 }, () =>
    fetch(`${floor.url}/api/telesales/ingest/calls`, {
      method: 'POST',
      headers: { authorization: `Bearer ${theirs}`, ...ndjson },
      body: endless(),
      duplex: 'half',
      signal: ending.signal,
    } as RequestInit).then(codeOf),
  );
  const told = await Promise.race(sending);
  expect([429, 503]).toContain(told[0]);
  const watched = await floor.during(async () => {
    const sent = await floor.send(ours, '/api/telesales/ingest/leads', '{"lead_id":7,"campaign_id":1}\n', ndjson);
    expect(sent.status).toBe(200);
    await floor.revokesTokens();
  });
  expect(watched.failed).toEqual([]);
  ending.abort();
  await Promise.allSettled(sending);
});

test.skipIf(!isMounted)(
  `on a full disk reports and revocations go on, also after a restart, and nothing else is acknowledged${why}`,
  async () => {
    const ours = await floor.token('ingest', { tenant: worker });
    const made = async () => ((await (await make()).json()) as Told).data;
    const [one, other] = [await made(), await made()];
    const send = (id: string) => floor.send(ours, '/api/telesales/ingest/calls', row(id), ndjson);
    expect((await send('before')).status).toBe(200);
    expect(await isReady()).toBe(200);

    // With little left rows are refused, and all else has room.
    fill(16 * mb);
    await expect.poll(isReady).toBe(503);
    expect(await codeOf(await fetch(`${floor.url}/readyz`))).toEqual([503, 'STORE_FULL']);
    expect(await codeOf(await send('refused'))).toEqual([503, 'STORE_FULL']);
    await floor.revokesTokens();

    fill(0);
    const watched = await floor.during(async () => {
      expect(await codeOf(await make())).toEqual([503, 'STORE_FULL']);
      expect(await codeOf(await send('refused as well'))).toEqual([503, 'STORE_FULL']);
      const ended = await floor.asOperator(`/api/telesales/tokens/${one.token_id}`, {
        method: 'DELETE',
        tenant: worker,
      });
      expect(ended.status).toBe(200);
      expect(await works(one.token)).toBe(401);
    });
    expect(watched.failed).toEqual([]);
    expect(floor.lives()).toBe(true);

    // A purge begins, and has no room for its own record.
    const json = { table: 'calls', from: '2020-01-01', to: '2020-01-02' };
    const purging = floor.asOperator('/api/telesales/purge', { method: 'POST', tenant: worker, json });
    purging.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await floor.restart();
    expect([await works(one.token), await works(other.token)]).toEqual([401, 200]);
    expect((await floor.during(async () => {})).failed).toEqual([]);

    makeRoom();
    await expect.poll(isReady).toBe(200);
    const isWritten = async () => {
      const listed = await floor.asOperator('/api/telesales/tokens', { tenant: worker });
      const { data } = (await listed.json()) as { data: Told['data'][] };
      return data.find(({ token_id }) => token_id === one.token_id)?.revoked_at !== null;
    };
    await expect.poll(isWritten, { timeout: 10_000 }).toBe(true);
    expect((await make()).status).toBe(201);
    expect((await send('after')).status).toBe(200);
    const asked = '/api/telesales/reports/dashboard?date_from=2026-07-01&date_to=2026-07-01';
    // What was acknowledged, and nothing else.
    expect(await (await floor.asOperator(asked, { tenant: worker })).text()).toContain('"total_dials":2');
  },
  120_000,
);
