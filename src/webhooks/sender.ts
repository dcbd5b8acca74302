import type { Store } from '../store/store.ts';
import type { AddressRule } from './addresses.ts';
import { type Outcome, type Pending, readPending, recordAttempt } from './deliveries.ts';
import { post } from './post.ts';
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
  readonly counts: Readonly<Record<Outcome, number>>;
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

/** The pause after a try: the first is number 1. */
export const pauseAfter = (attempt: number) => pausesMs[Math.min(attempt, pausesMs.length) - 1] ?? 0;

/** Opens the sender. All its state is in the store: what was not answered before a stop is sent again after it. */
export function openSender({ store, webhooks, rule, isMyTurn, now, log, timeoutMs }: SenderOptions): Sender {
  const counts: Record<Outcome, number> = { failed: 0, delivered: 0, gave_up: 0, gone: 0 };
  const busy = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let [lookAt, isClosing, isAwake] = [0, false, true];

  async function send(pending: Pending): Promise<Outcome> {
    const { event_id, kind, tenant_id, at, recorded_at, details } = pending;
    const body = JSON.stringify({ event_id, event: kind, tenant_id, at, recorded_at, data: JSON.parse(details) });
    const startedAt = now();
    const clock = performance.now();
    const reply = await post(
      { url: pending.url, secret: pending.secret, eventId: event_id, body, now: startedAt },
      rule,
      timeoutMs,
    );
    const attempt = pending.attempts + 1;
    const nextAt = startedAt + pauseAfter(attempt);
    const outcome = toOutcome(reply.status, nextAt - Date.parse(recorded_at) > patienceMs);
    await recordAttempt(store, pending, {
      attempt,
      at: new Date(startedAt).toISOString(),
      outcome,
      ...reply,
      duration_ms: Math.round(performance.now() - clock),
      next_at: outcome === 'failed' ? new Date(nextAt).toISOString() : null,
    });
    counts[outcome] += 1;
    if (outcome === 'gone') await webhooks.setGone(tenant_id, pending.webhook_id);
    return outcome;
  }

  /** One webhook's events in their order; a slow receiver delays nobody else's. */
  async function sendAll(due: readonly Pending[]): Promise<void> {
    for (const pending of due) if (isClosing || (await send(pending)) === 'gone') return;
  }

  /** Starts what is due; gives when there is more. */
  async function begin(): Promise<number> {
    isAwake = false;
    // What is on its way while we read may be answered before we come to it.
    const underWay = new Set(busy.keys());
    const pending = await readPending(store);
    const byWebhook = new Map<string, Pending[]>();
    for (const one of pending.filter(({ next_at }) => next_at <= now())) {
      const key = `${one.tenant_id} ${one.webhook_id}`;
      byWebhook.set(key, [...(byWebhook.get(key) ?? []), one]);
    }
    for (const [key, due] of byWebhook) {
      if (underWay.has(key) || busy.has(key)) continue;
      const sending = sendAll(due)
        .catch((error: unknown) => log.error({ err: error }, 'a delivery could not be written down; it is sent again'))
        .finally(() => busy.delete(key));
      busy.set(key, sending);
    }
    const later = pending.map(({ next_at }) => next_at).filter((at) => at > now());
    return Math.min(now() + idleMs, ...later, ...(busy.size > 0 ? [now() + second] : []));
  }

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

function toOutcome(status: number, isOver: boolean): Outcome {
  if (status >= 200 && status < 300) return 'delivered';
  if (status === 410) return 'gone';
  return isOver ? 'gave_up' : 'failed';
}
