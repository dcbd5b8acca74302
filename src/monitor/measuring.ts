/** Measures a tenant's minutes and writes down what they say, in smaller pieces where memory runs short. */
import { setImmediate } from 'node:timers/promises';
import { isOverLimit, minuteMs } from '../engine/abandon.ts';
import type { Settings } from '../engine/settings.ts';
import { isOverMemory } from '../store/failures.ts';
import type { Store } from '../store/store.ts';
import type { AlertStates } from './alert-states.ts';
import { type AlertEvent, openCampaigns, recordEvents } from './events.ts';
import { recordBreaches } from './ledger.ts';
import { type CampaignPart, type Run, readRuns, type Snapshot } from './minutes.ts';

/** Minutes of a tenant that are due: the first and the last. */
export interface Piece {
  tenantId: number;
  first: number;
  last: number;
  /** Under which mark its events are written; 0 before the first. */
  underMark: number;
  /** Whether anything was measured before it. */
  isFirst: boolean;
}

/** How long a piece may take. */
export interface Patience {
  /** Of all of it; then it is left as it is. */
  longestMs?: number;
}

/** What a piece came to. */
export interface Found {
  breaches: number;
  events: number;
}

/** A tenant's minutes could not be measured now, for a reason of its own: the others' can. */
export class Unmeasured extends Error {}

/** What measuring works with. */
export interface MeasuringOptions {
  store: Store;
  states: AlertStates;
  settingsOf(tenantId: number): Promise<Settings>;
  now(): number;
}

/** Measures pieces. What is held is bounded, whatever the tenant has and however long the piece is. */
export interface Measuring {
  /**
   * Writes the ledger and the alerts of a piece. Stopped anywhere, it may be done again from its beginning. One that takes more memory
   * than it may is cut: in minutes, then in campaigns. Throws Unmeasured.
   */
  measure(piece: Piece, patience?: Patience): Promise<Found>;
}

// So many minutes over the limit, and alerts, are held before they are written.
const mostHeld = 2000;
// The finest that one minute is cut: parts of the campaigns.
const mostParts = 1024;
const longestQueryMs = 300_000;
// How long the event loop is kept at most.
const breathMs = 20;

/** Opens the measuring. */
export function openMeasuring({ store, states, settingsOf, now }: MeasuringOptions): Measuring {
  async function measurePiece(piece: Piece & { part?: CampaignPart | undefined }, endAt: number): Promise<Found> {
    const { tenantId, first, last, underMark, isFirst, part } = piece;
    const found = { breaches: 0, events: 0 };
    let [breaches, events]: [Snapshot[], AlertEvent[]] = [[], []];
    const write = async () => {
      found.breaches += await recordBreaches(store, tenantId, breaches, now());
      await recordEvents(store, events, { now: now(), underMark });
      found.events += events.length;
      [breaches, events] = [[], []];
    };
    const leftMs = () => Math.min(longestQueryMs, Math.max(1, endAt - performance.now()));
    const standing = { tenantId, part, underMark, at: isFirst ? undefined : first - minuteMs, timeoutMs: leftMs() };
    const [settings, before] = await reading(async () => {
      const ofTenant = await settingsOf(tenantId);
      return [ofTenant, await states.of({ ...standing, settings: ofTenant })] as const;
    });
    const also = before.hasOpen() ? openCampaigns(tenantId) : undefined;
    const timeoutMs = leftMs();
    let breath = performance.now();
    for await (const runs of readingAll(
      readRuns(store, { tenantId, settings, first, last, part }, also, { timeoutMs }),
    )) {
      for (const run of runs) {
        events.push(...before.move(run, settings.abandon_alert_min_attempts));
        if (isOver(run)) {
          const { from, to, ...figures } = run;
          for (let at = from; at <= to; at += minuteMs) {
            breaches.push({ ...figures, at });
            if (breaches.length >= mostHeld) await write();
          }
        }
        if (events.length >= mostHeld) await write();
        if (performance.now() - breath < breathMs) continue;
        await setImmediate();
        breath = performance.now();
        if (breath > endAt) throw new Unmeasured('it takes longer than the others can wait');
      }
    }
    await write();
    states.rest(tenantId);
    return found;
  }

  async function measureCut(piece: Piece & { part?: CampaignPart | undefined }, endAt: number): Promise<Found> {
    try {
      return await measurePiece(piece, endAt);
    } catch (error) {
      // What was moved on and not written down is found again.
      states.forget(piece.tenantId);
      if (!isTooBig(error)) throw error;
      const halves = cut(piece);
      if (halves.length === 0) throw error;
      const found = { breaches: 0, events: 0 };
      for (const half of halves) {
        const { breaches, events } = await measureCut(half, endAt);
        found.breaches += breaches;
        found.events += events;
      }
      return found;
    }
  }

  return {
    measure: (piece, { longestMs = Number.POSITIVE_INFINITY } = {}) => measureCut(piece, performance.now() + longestMs),
  };
}

const isOver = ({ abandoned, attempts, limit_millionths }: Run) => isOverLimit(abandoned, attempts, limit_millionths);

/** Only memory is less for half of it: what takes too long as a whole takes as long in halves. */
const isTooBig = (error: unknown) => error instanceof Unmeasured && isOverMemory(error.cause);

/** Two halves: of the minutes, or else of the campaigns. */
function cut(piece: Piece & { part?: CampaignPart | undefined }): (Piece & { part?: CampaignPart | undefined })[] {
  const { first, last, part = { of: 1, rest: 0 } } = piece;
  if (first < last) {
    const middle = first + Math.floor((last - first) / minuteMs / 2) * minuteMs;
    return [
      { ...piece, last: middle },
      { ...piece, first: middle + minuteMs, isFirst: false },
    ];
  }
  if (part.of >= mostParts) return [];
  const of = part.of * 2;
  return [part.rest, part.rest + part.of].map((rest) => ({ ...piece, part: { of, rest } }));
}

/** What fails here is about this tenant, and leaves the others' minutes as they are. */
async function reading<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new Unmeasured((error as Error).message, { cause: error });
  }
}

async function* readingAll<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    throw new Unmeasured((error as Error).message, { cause: error });
  }
}
