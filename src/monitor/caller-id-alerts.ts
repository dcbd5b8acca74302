/** Alerts of caller IDs that carriers seem to block. */
import { findTenant } from '../access/tenants.ts';
import { streamRows } from '../engine/run.ts';
import type { Settings } from '../engine/settings.ts';
import { dayMs } from '../engine/time.ts';
import callerIdHealth from '../reports/caller-id-health.ts';
import type { Store } from '../store/store.ts';
import { type AlertEvent, lastEvents } from './events.ts';
import { Unmeasured } from './measuring.ts';

interface Health {
  cid: string;
  display_name: string | null;
  total_calls: number;
  answered_calls: number;
  asr_pct: number;
  rejected_calls: number;
  health_status: 'healthy' | 'warning' | 'suspected_block' | 'no_data';
  health_reasons: unknown[];
}

/** Who is judged, when, and by which rules. */
export interface Judging {
  tenantId: number;
  settings: Settings;
  /** The whole hour at which the 24 hours end. */
  hour: number;
}

/**
 * Judges a tenant's caller IDs over the 24 hours before an hour. Gives an event for each that is newly suspected to be
 * blocked, and one for each that was suspected and is healthy again, in pieces. Too few dials change nothing. Throws Unmeasured.
 */
export async function* judgeCallerIds(
  store: Store,
  { tenantId, settings, hour }: Judging,
): AsyncGenerator<AlertEvent[]> {
  const window = { from: hour - dayMs, to: hour };
  try {
    const suspected = new Set<string>();
    for await (const events of lastEvents(store, tenantId, 'caller_id.'))
      for (const { kind, subject } of events) if (kind === 'caller_id.suspected_block') suspected.add(subject);
    const { timezone = 'UTC' } = (await findTenant(store, tenantId)) ?? {};
    const question = { report: callerIdHealth, filters: {}, timezone, window, params: {} };
    const desk = {
      tenantId,
      now: hour,
      settings,
      query: <Row>(statement: Parameters<Store['query']>[0]) => store.query<Row>(statement),
      stream: <Row>(statement: Parameters<Store['stream']>[0]) => store.stream<Row>(statement),
    };
    for await (const rows of streamRows(question, desk)) {
      yield (rows as unknown as Health[]).flatMap((row) => {
        const kind = toKind(row.health_status, suspected.has(row.cid));
        return kind ? [{ tenantId, kind, subject: row.cid, at: hour, details: toDetails(row, window) }] : [];
      });
    }
  } catch (error) {
    throw new Unmeasured((error as Error).message, { cause: error });
  }
}

function toKind(status: Health['health_status'], isSuspected: boolean): AlertEvent['kind'] | undefined {
  if (status === 'suspected_block') return isSuspected ? undefined : 'caller_id.suspected_block';
  return status !== 'no_data' && isSuspected ? 'caller_id.cleared' : undefined;
}

function toDetails(row: Health, window: { from: number; to: number }) {
  const { cid, display_name, total_calls, answered_calls, asr_pct, rejected_calls, health_reasons } = row;
  return {
    cid,
    display_name,
    total_calls,
    answered_calls,
    asr_pct,
    rejected_calls,
    health_reasons,
    window_from: new Date(window.from).toISOString(),
    window_to: new Date(window.to).toISOString(),
  };
}
