/** Delivers events to webhooks: whose turn it is, how many at once, and when a failed try is repeated. */
import type { Store } from '../store/store.ts';
import type { AddressRule } from './addresses.ts';
import { type Pending, readDue, readLastEvents, readOpen, recordTry, type TryOutcome } from './deliveries.ts';
import { post } from './post.ts';
import type { Posted } from './posted.ts';
import type { Webhooks } from './registry.ts';

/** What the sender works with. */
export interface SenderOptions {
  store: Store;
  webhooks: Webhooks;
  rule: AddressRule;
  /** Whether this server is the one that sends. */
  isMyTurn(): Promise<boolean>;
  now(): number;
  log: { error(details: object, message: string): void };
  timeoutMs?: number;
}

/** Tells webhooks of events until each has answered, or for a day. */
export interface Sender {
  /** How tries ended since it was opened. */
  readonly counts: Readonly<Record<TryOutcome, number>>;
  /** Sends everything that is due now, once, and waits for the answers. */
  sendDue(): Promise<void>;
  /** Looks at once, instead of within the next seconds. */
  wake(): void;
  /** Sends by itself from now on. */
  start(): void;
  close(): Promise<void>;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
// Growing pauses; the last one is repeated until the day is over.
const pausesMs = [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 4 * hour, 6 * hour];
const patienceMs = 24 * hour;
const idleMs = 15 * second;
// So many deliveries of a webhook are read at once, and so many webhooks told, of one tenant and of all.
const mostAtOnce = 20;
const mostOfTenant = 5;
const mostWebhooks = 200;

/** What is known of a tenant between two looks. */
interface Look {
  /** Its last event, up to which was looked. */
  seq: number;
  lookAt: number;
  seenAt: number;
  /** Until when nothing is sent, since it could not be written down. */
  restUntil: number;
  busy: Set<number>;
}

/** The pause after a try: the first is number 1. */
export const pauseAfter = (attempt: number) => pausesMs[Math.min(attempt, pausesMs.length) - 1] ?? 0;

/** Opens the sender. All its state is in the store: what was not answered before a stop is sent again after it. */
export function openSender({ store, webhooks, rule, isMyTurn, now, log, timeoutMs }: SenderOptions): Sender {
  const counts: Record<TryOutcome, number> = { failed: 0, delivered: 0, gave_up: 0, gone: 0 };
  /** The webhooks that are being told, by tenant and id. */
  const busy = new Map<string, Promise<void>>();
  const tenants = new Map<number, Look>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let [lookAt, isClosing, isAwake] = [0, false, true];

  async function send(pending: Pending): Promise<TryOutcome> {
    const { event_id, kind, tenant_id, at, recorded_at, details } = pending;
    const posted: Posted = { event_id, event: kind, tenant_id, at, recorded_at, data: JSON.parse(details) };
    const body = JSON.stringify(posted);
    const startedAt = now();
    const clock = performance.now();
    const { wasRefused, ...reply } = await post(
      { url: pending.url, secret: pending.secret, eventId: event_id, body, now: startedAt },
      rule,
      timeoutMs,
    );
    const attempt = pending.attempts + 1;
    const nextAt = startedAt + pauseAfter(attempt);
    const outcome = toOutcome(reply.status, nextAt - Date.parse(recorded_at) > patienceMs);
    if (outcome === 'gone') await webhooks.setGone(tenant_id, pending.webhook_id);
    await recordTry(store, pending, {
      attempt,
      at: new Date(startedAt).toISOString(),
      outcome,
      ...reply,
      duration_ms: wasRefused ? 0 : Math.round(performance.now() - clock),
      next_at: outcome === 'failed' ? new Date(nextAt).toISOString() : null,
    });
    counts[outcome] += 1;
    return outcome;
  }

  /** Tells one webhook of the first events that are due, in their order; a slow receiver delays nobody else's. */
  async function tell(tenantId: number, webhookId: number): Promise<void> {
    const due = await readDue(store, { tenantId, webhookId, now: now(), most: mostAtOnce });
    for (const pending of due) if (isClosing || (await send(pending)) === 'gone') return;
  }

  function startTelling(tenantId: number, webhookId: number): void {
    const key = `${tenantId} ${webhookId}`;
    const telling = tell(tenantId, webhookId)
      .catch((error: unknown) => {
        log.error({ err: error }, 'a delivery could not be written down; it is sent again');
        // What can't be written down is better not sent: it would be sent again and again.
        const own = tenants.get(tenantId);
        if (own) own.restUntil = now() + minute;
      })
      .finally(() => {
        busy.delete(key);
        tenants.get(tenantId)?.busy.delete(webhookId);
      });
    busy.set(key, telling);
    tenants.get(tenantId)?.busy.add(webhookId);
  }

  /** Starts what is due of a tenant; gives when there is more. */
  async function beginTenant(tenantId: number, { busy: own }: Look): Promise<number> {
    // What is on its way while we read may be answered before we come to it.
    const underWay = new Set(own);
    let [next, isHeldUp] = [now() + idleMs, own.size > 0];
    for (const { webhookId, dueAt } of await readOpen(store, tenantId)) {
      if (dueAt > now()) next = Math.min(next, dueAt);
      else {
        isHeldUp = true;
        const isFree = own.size < mostOfTenant && busy.size < mostWebhooks;
        if (isFree && !underWay.has(webhookId) && !own.has(webhookId)) startTelling(tenantId, webhookId);
      }
    }
    return isHeldUp ? Math.min(next, now() + second) : next;
  }

  /** Starts what is due; gives when there is more. Only tenants with something new, or due, are looked at. */
  async function begin(): Promise<number> {
    isAwake = false;
    let next = now() + idleMs;
    const last = await readLastEvents(store);
    const present = new Set(last.map(({ tenantId }) => tenantId));
    for (const [tenantId, { busy: own }] of tenants)
      if (!present.has(tenantId) && own.size === 0) tenants.delete(tenantId);
    // Whoever was not looked at for the longest comes first, should there be too much for all.
    for (const { tenantId, seq } of last.sort((one, other) => seenAt(one) - seenAt(other))) {
      const known = tenants.get(tenantId) ?? { seq: 0, lookAt: 0, seenAt: 0, restUntil: 0, busy: new Set<number>() };
      tenants.set(tenantId, known);
      const isDue = known.seq !== seq || now() >= known.lookAt || known.lookAt - now() > idleMs;
      const isResting = now() < known.restUntil;
      if (isDue && !isResting && !isClosing) {
        known.seq = seq;
        known.seenAt = performance.now();
        known.lookAt = await beginTenant(tenantId, known).catch((error: unknown) => {
          log.error({ err: error, tenant: tenantId }, 'pending deliveries of a tenant could not be read');
          return now() + idleMs;
        });
      }
      next = Math.min(next, isResting ? known.restUntil : known.lookAt);
    }
    return next;
  }

  const seenAt = ({ tenantId }: { tenantId: number }) => tenants.get(tenantId)?.seenAt ?? 0;

  async function look(): Promise<void> {
    lookAt = now() + idleMs;
    try {
      if (await isMyTurn()) lookAt = await begin();
    } catch (error) {
      log.error({ err: error }, 'pending deliveries could not be read');
    }
  }

  /** One look at a time, when it is due; a clock that was set back delays none. */
  function lookWhenDue(): void {
    const isDue = isAwake || now() >= lookAt || lookAt - now() > idleMs;
    if (!isDue || looking || isClosing) return;
    looking = look().finally(() => {
      looking = undefined;
    });
  }

  return {
    counts,
    async sendDue() {
      await begin();
      await Promise.all(busy.values());
    },
    wake() {
      isAwake = true;
    },
    start() {
      timer ??= setInterval(lookWhenDue, second).unref();
    },
    async close() {
      isClosing = true;
      clearInterval(timer);
      await looking;
      await Promise.all(busy.values());
    },
  };
}

function toOutcome(status: number, isOver: boolean): TryOutcome {
  if (status >= 200 && status < 300) return 'delivered';
  if (status === 410) return 'gone';
  return isOver ? 'gave_up' : 'failed';
}
