import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AlertEvent, recordEvents } from '../../src/monitor/events.ts';
import { sql } from '../../src/sql.ts';
import { openAddressRule } from '../../src/webhooks/addresses.ts';
import { listDeliveries } from '../../src/webhooks/deliveries.ts';
import { postedSchema } from '../../src/webhooks/posted.ts';
import { openWebhooks, type Webhooks } from '../../src/webhooks/registry.ts';
import { openSender, pauseAfter } from '../../src/webhooks/sender.ts';
import { faultOf } from '../fault-of.ts';
import { openTestStore } from '../http/app.ts';
import { isSigned, openReceiver, type Receiver } from './receiver.ts';

let held: Awaited<ReturnType<typeof openTestStore>>;
let receiver: Receiver;
let webhooks: Webhooks;
const clock = { ms: Date.parse('2026-06-01T08:00:00Z') };
let tenantId = 0;

beforeAll(async () => {
  held = await openTestStore();
  webhooks = openWebhooks(held.store, () => clock.ms++);
});
beforeEach(async () => {
  tenantId++;
  receiver = await openReceiver();
});
afterEach(() => receiver.close());
afterAll(() => held.close());

const sender = (timeoutMs = 300) =>
  openSender({
    store: held.store,
    webhooks,
    rule: openAddressRule(['127.0.0.0/8']),
    isMyTurn: async () => true,
    now: () => clock.ms,
    log: { error: (details) => expect(details).toBeUndefined() },
    timeoutMs,
  });

let minute = 0;
const happens = (kind: AlertEvent['kind'], subject = '7') => {
  const event = { tenantId, kind, subject, at: ++minute * 60_000, details: { campaign_id: 7 } };
  return recordEvents(held.store, [event], { now: clock.ms, underMark: 0 });
};
const deliveries = (webhookId = 1) => listDeliveries(held.store, { tenantId, webhookId, limit: 100 });

test('a webhook is told once, signed, of what it asked for since it was made', async () => {
  await happens('abandon.breached');
  clock.ms += 1000;
  const { secret } = await webhooks.create(tenantId, { url: `${receiver.url}/hook`, events: ['abandon.breached'] });
  clock.ms += 1000;
  await happens('abandon.nearing');
  await happens('abandon.breached');
  await happens('abandon.calm');
  for (let times = 0; times < 3; times++) await sender().sendDue();
  expect(receiver.received.map(({ event, path }) => [event, path])).toEqual([['abandon.breached', '/hook']]);
  const [told] = receiver.received;
  expect(told && faultOf(postedSchema, told.text)).toBeUndefined();
  expect(told && isSigned(told, secret)).toBe(true);
  expect(told && isSigned(told, 'another secret')).toBe(false);
  expect(told?.body).toMatchObject({ event_id: told?.eventId, tenant_id: tenantId, data: { campaign_id: 7 } });
  expect(await deliveries()).toMatchObject([
    { event: 'abandon.breached', state: 'delivered', attempts: [{ attempt: 1, status: 204, outcome: 'delivered' }] },
  ]);
});

test('a receiver that fails is tried again with growing pauses, for a day', async () => {
  await webhooks.create(tenantId, { url: receiver.url });
  receiver.behave((response) => response.writeHead(500).end());
  await happens('abandon.breached');
  const start = clock.ms;
  const tries: number[] = [];
  // Each minute of two days, and every server is a new one.
  for (let times = 0; times < 40 && tries.length < 40; times++) {
    const before = receiver.received.length;
    await sender().sendDue();
    if (receiver.received.length > before) tries.push(clock.ms - start);
    const [delivery] = await deliveries();
    const next = delivery?.attempts.at(-1)?.next_at;
    if (!next) break;
    // Not a moment too early.
    clock.ms = Date.parse(next) - 1;
    await sender().sendDue();
    expect(receiver.received.length).toBe(tries.length);
    clock.ms = Date.parse(next);
  }
  const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
  expect(pauses).toEqual(pauses.map((_, index) => pauseAfter(index + 1)));
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(tries.at(-1)).toBeGreaterThan(18 * 3_600_000);
  expect(tries.at(-1)).toBeLessThanOrEqual(24 * 3_600_000);
  expect(await deliveries()).toMatchObject([{ state: 'gave_up' }]);
  expect((await deliveries())[0]?.attempts.at(-1)).toMatchObject({
    status: 500,
    reason: 'answered 500',
    outcome: 'gave_up',
  });
});

test('one that fails at first hears the same event, under the same id', async () => {
  await webhooks.create(tenantId, { url: receiver.url });
  receiver.behave((response) => response.writeHead(503).end());
  await happens('abandon.breached');
  await sender().sendDue();
  receiver.behave((response) => response.writeHead(200).end());
  clock.ms += 10_000;
  await sender().sendDue();
  clock.ms += 86_400_000;
  await sender().sendDue();
  expect(new Set(receiver.received.map(({ eventId }) => eventId)).size).toBe(1);
  expect((await deliveries())[0]).toMatchObject({
    state: 'delivered',
    attempts: [
      { outcome: 'failed', status: 503 },
      { outcome: 'delivered', status: 200 },
    ],
  });
});

describe('one receiver', () => {
  test('that hangs does not delay another, and is shown', async () => {
    const other = await openReceiver();
    await webhooks.create(tenantId, { url: receiver.url });
    await webhooks.create(tenantId, { url: other.url });
    receiver.behave(() => {});
    await happens('abandon.breached');
    await sender().sendDue();
    expect(other.received).toHaveLength(1);
    expect((await deliveries(1))[0]).toMatchObject({
      state: 'pending',
      attempts: [{ status: 0, reason: 'no answer within 0.3 s' }],
    });
    await other.close();
  });

  test('that answers 410 is told nothing more', async () => {
    await webhooks.create(tenantId, { url: receiver.url });
    receiver.behave((response) => response.writeHead(410).end());
    await happens('abandon.breached');
    await happens('abandon.recovered');
    await sender().sendDue();
    await happens('abandon.breached');
    await sender().sendDue();
    expect(receiver.received).toHaveLength(1);
    expect((await webhooks.list(tenantId))[0]?.gone_at).not.toBeNull();
    expect((await deliveries()).map(({ state }) => state)).toEqual(['gone', 'gone', 'gone']);
  });

  test('that redirects into this network, or resolves to it, is not followed there', async () => {
    const inside = await openReceiver();
    await webhooks.create(tenantId, { url: receiver.url });
    await webhooks.create(tenantId, { url: inside.url.replace('127.0.0.1', 'localhost') });
    receiver.behave((response) => response.writeHead(307, { location: inside.url }).end());
    await happens('abandon.breached');
    const strict = openSender({
      store: held.store,
      webhooks,
      // This receiver alone, and not what the name leads to.
      rule: { ...openAddressRule([]), allows: () => true },
      isMyTurn: async () => true,
      now: () => clock.ms,
      log: { error: () => {} },
    });
    await strict.sendDue();
    expect(inside.received).toEqual([]);
    expect((await deliveries(1))[0]?.attempts[0]).toMatchObject({ status: 307, outcome: 'failed' });
    expect((await deliveries(2))[0]?.attempts[0]).toMatchObject({
      status: 0,
      reason: expect.stringContaining('not a public address'),
    });
    await inside.close();
  });

  test('that was removed hears nothing', async () => {
    await webhooks.create(tenantId, { url: receiver.url });
    await happens('abandon.breached');
    await webhooks.remove(tenantId, 1);
    await sender().sendDue();
    expect(receiver.received).toEqual([]);
    await expect(webhooks.remove(tenantId, 1)).rejects.toThrow('There is no webhook 1');
    expect(await webhooks.create(tenantId, { url: receiver.url })).toMatchObject({ webhook_id: 2 });
  });
});

test('two tenants hear of their own alone', async () => {
  await webhooks.create(tenantId, { url: `${receiver.url}/mine` });
  tenantId++;
  await webhooks.create(tenantId, { url: `${receiver.url}/theirs` });
  await happens('caller_id.suspected_block', '0900000012');
  await sender().sendDue();
  expect(receiver.received.map(({ path }) => path)).toEqual(['/theirs']);
});

test('any number of webhooks that were removed, and of events that wait, is dealt with a few at a time', async () => {
  await held.store.command(
    sql`INSERT INTO webhooks (tenant_id, webhook_id, url, kinds, secret, created_at, deleted_at, version)
      SELECT {tenant:UInt64}, 1 + number, '', [], '', now64(3), now64(3), 1 FROM numbers(150000)`.bind({
      tenant: tenantId,
    }),
  );
  const { webhook_id } = await webhooks.create(tenantId, { url: receiver.url });
  expect(webhook_id).toBe(150_001);
  await held.store.command(
    sql`INSERT INTO alert_events SELECT {tenant:UInt64}, 1000000 + number, 0, generateUUIDv4(), 'abandon.breached', '7',
        fromUnixTimestamp64Milli({now:Int64}, 'UTC'), fromUnixTimestamp64Milli({now:Int64}, 'UTC'), '{}' FROM numbers(200000)`.bind(
      {
        tenant: tenantId,
        now: clock.ms + 1000,
      },
    ),
  );
  clock.ms += 2000;
  const sending = sender();
  await sending.sendDue();
  clock.ms += 1000;
  await sending.sendDue();
  // Each look takes some of them, and no event twice.
  expect(receiver.received.length).toBe(40);
  expect(new Set(receiver.received.map(({ eventId }) => eventId)).size).toBe(40);
  await webhooks.remove(tenantId, webhook_id);
});
