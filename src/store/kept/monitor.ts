import { defineKept } from '../kept.ts';
import { count, decimal, firstWins, flag, id, instant, json, lastWins, made, text, uuid } from '../kinds.ts';

/** Minutes of campaigns over their limit: the first one written of a minute stays. Reports read them through their scope. */
export const breaches = defineKept({
  table: 'breaches',
  whose: 'tenant',
  key: ['tenant_id', 'campaign_id', 'window_to'],
  version: 'version',
  columns: {
    tenant_id: id,
    campaign_id: id,
    window_to: instant,
    window_from: instant,
    basis: text,
    attempts_total: count,
    attempts_abandoned: count,
    limit_pct: decimal,
    recorded_at: instant,
    version: firstWins(BigInt(Number.MAX_SAFE_INTEGER)),
  },
});

/** Alerts as they opened and closed: the one with the highest `seq` is the state of its subject. */
export const alertEvents = defineKept({
  table: 'alert_events',
  whose: 'tenant',
  key: ['tenant_id', 'seq'],
  columns: {
    tenant_id: id,
    seq: count,
    under_mark: count,
    event_id: uuid,
    kind: text,
    subject: text,
    at: instant,
    recorded_at: instant,
    details: json,
  },
});

/** Up to where has been measured. */
export const monitorMarks = defineKept({
  table: 'monitor_marks',
  whose: 'server',
  key: ['name'],
  version: 'version',
  columns: { name: text, at: instant, version: lastWins },
});

/** Which of several servers on one store does the measuring: of a term's claims the one with the lowest holder. */
export const monitorClaims = defineKept({
  table: 'monitor_claims',
  whose: 'server',
  key: ['term', 'holder'],
  version: 'beat_at',
  columns: { term: count, holder: uuid, beat_at: made(instant), is_released: flag },
});

/** Tenants whose minutes take so long that the others' do not wait for them: up to where each has been measured. */
export const monitorLags = defineKept({
  table: 'monitor_lags',
  whose: 'tenant',
  key: ['tenant_id'],
  version: 'version',
  columns: { tenant_id: id, at: instant, under_mark: count, is_over: flag, version: lastWins },
});
