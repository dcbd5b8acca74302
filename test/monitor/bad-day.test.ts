import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openEmbedded } from '../../src/store/embedded.ts';
import { postedSchema } from '../../src/webhooks/posted.ts';
import { builtOf } from '../built.ts';
import { faultOf } from '../fault-of.ts';
import { isSigned, openReceiver } from '../webhooks/receiver.ts';
import { isoOf, ledgerOf, minuteOf } from './day.ts';

const script = builtOf('test/monitor/bad-day-server.ts');

/** Dials, and drops among them, in each minute of the day. Window: 10 minutes; limit: 3 percent of dials. */
const day: readonly (readonly [dials: number, drops: number])[] = [
  [150, 0],
  [150, 2],
  [20, 9],
  [20, 9],
  ...Array.from({ length: 6 }, () => [10, 1] as const),
  ...Array.from({ length: 12 }, () => [90, 0] as const),
];
const windowMinutes = 10;

/** The same by counting: what the last minutes hold at each minute. */
const measured = day.map((_, index) => {
  const minute = index + 1;
  const inWindow = day.slice(Math.max(0, minute - windowMinutes), minute);
  const sum = (which: 0 | 1) => inWindow.reduce((all, counts) => all + counts[which], 0);
  return { minute, dials: sum(0), drops: sum(1), isOver: 100 * sum(1) > 3 * sum(0) };
});

/** A server that lives until it is killed. */
async function startServer(directory: string, clock: number): Promise<{ url: string; child: ChildProcess }> {
  const child = fork(script, [directory, String(clock)], { stdio: 'ignore' });
  const [url] = (await once(child, 'message')) as [string];
  return { url, child };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test('a bad day, with a server that is killed again and again: the ledger is whole, and each alert is told once', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'dialtally-bad-day-'));
  const receiver = await openReceiver();
  let failures = 0;
  // Every third message meets a receiver that is down.
  receiver.behave((response) => response.writeHead(++failures % 3 === 1 ? 500 : 204).end());
  let server = await startServer(directory, minuteOf(0));
  const ask = async (path: string, body?: object | string, type = 'application/json') => {
    const response = await fetch(`${server.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: 'Bearer key', 'dialtally-tenant': '1', 'content-type': type },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const send = (table: string, rows: readonly object[]) =>
    ask(
      `/api/telesales/ingest/${table}?strict=1`,
      rows.map((row) => JSON.stringify(row)).join('\n'),
      'application/x-ndjson',
    );
  const isMeasured = async (minute: number) => {
    const metrics = await (await ask('/metrics')).text();
    return Number(/^dialtally_monitor_measured_to_seconds (\d+)$/m.exec(metrics)?.[1]) >= minuteOf(minute) / 1000;
  };

  await send('campaigns', [{ campaign_id: 7, name: 'Spring', abandon_window_minutes: windowMinutes }]);
  const { data: webhook } = (await (await ask('/api/telesales/webhooks', { url: receiver.url })).json()) as {
    data: { secret: string };
  };
  let kills = 0;
  const restart = async (minute: number) => {
    kills++;
    await kill(server.child);
    server = await startServer(directory, minuteOf(minute));
  };
  for (const { minute } of measured) {
    const [dials = 0, drops = 0] = day[minute - 1] ?? [];
    await send(
      'calls',
      Array.from({ length: dials }, (_, index) => ({
        call_id: `${minute}-${index}`,
        campaign_id: 7,
        started_at: new Date(minuteOf(minute - 1, index % 60)).toISOString(),
        outcome: index < drops ? 'abandoned' : 'answered',
      })),
    );
    server.child.send(minuteOf(minute));
    // At once, or somewhere in the middle of what this minute brings; some minutes are missed altogether.
    if (minute % 2 === 0) {
      await wait((minute * 137) % 900);
      await restart(minute);
    }
    if (minute % 5 !== 0) while (!(await isMeasured(minute))) await wait(30);
  }
  while (!(await isMeasured(day.length))) await wait(30);

  const over = measured.filter(({ isOver }) => isOver);
  const metrics = await (await ask('/metrics')).text();
  expect(metrics).toContain('dialtally_monitor_failures_total 0');

  // Each as often as its receiver failed, and no more; the alerts in the order of the day.
  const told = async () =>
    (await (await ask('/api/telesales/webhooks/1/deliveries')).json()) as {
      data: { event: string; at: string; state: string }[];
    };
  for (let minute = day.length; (await told()).data.some(({ state }) => state === 'pending'); minute++) {
    server.child.send(minuteOf(minute));
    await wait(300);
  }
  const first = over[0]?.minute ?? 0;
  const last = over.at(-1)?.minute ?? 0;
  const delivered = (await told()).data.reverse().map(({ event, at }) => [event, at]);
  expect(delivered).toEqual([
    ['abandon.breached', isoOf(first)],
    ['abandon.recovered', isoOf(last + 5)],
  ]);
  const ids = receiver.received.map(({ eventId }) => eventId);
  expect(new Set(ids).size).toBe(2);
  expect(receiver.received.every((message) => isSigned(message, webhook.secret))).toBe(true);
  expect(receiver.received.map(({ text }) => faultOf(postedSchema, text))).toEqual(
    receiver.received.map(() => undefined),
  );
  expect(kills).toBeGreaterThan(8);

  await kill(server.child);
  const store = await openEmbedded({ path: join(directory, 'store') });
  const ledger = await ledgerOf(store);
  await store.close();
  expect(
    ledger.map(({ minute, total, abandoned }) => [Date.parse(`${minute.replace(' ', 'T')}Z`), total, abandoned]),
  ).toEqual(over.map(({ minute, dials, drops }) => [minuteOf(minute), dials, drops]));
  await receiver.close();
  await rm(directory, { recursive: true, force: true });
}, 600_000);
