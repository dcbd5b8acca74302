/** The tables of the minute clock: breaches, alerts, and which server has measured up to where. */
import { defineKept } from '../kept.ts';
import {
  firstWins,
  lastWins,
  made,
  storedCount,
  storedDecimal,
  storedFlag,
  storedId,
  storedInstant,
  storedJson,
  storedText,
  storedUuid,
} from '../stored-kinds.ts';

/** Minutes of campaigns over their limit: the first one written of a minute stays. Reports read them through their scope. */
export const breaches = defineKept({
  table: 'breaches',
  whose: 'tenant',
  key: ['tenant_id', 'campaign_id', 'window_to'],
  version: 'version',
  columns: {
    tenant_id: storedId,
    campaign_id: storedId,
    window_to: storedInstant,
    window_from: storedInstant,
    basis: storedText,
    attempts_total: storedCount,
    attempts_abandoned: storedCount,
    limit_pct: storedDecimal,
    recorded_at: storedInstant,
    version: firstWins(BigInt(Number.MAX_SAFE_INTEGER)),
  },
});

/** Alerts as they opened and closed: the one with the highest `seq` is the state of its subject. */
export const alertEvents = defineKept({
  table: 'alert_events',
  whose: 'tenant',
  key: ['tenant_id', 'seq'],
  columns: {
    tenant_id: storedId,
    seq: storedCount,
    under_mark: storedCount,
    event_id: storedUuid,
    kind: storedText,
    subject: storedText,
    at: storedInstant,
    recorded_at: storedInstant,
    details: storedJson,
  },
});

/** Up to where has been measured. */
export const monitorMarks = defineKept({
  table: 'monitor_marks',
  whose: 'server',
  key: ['name'],
  version: 'version',
  columns: { name: storedText, at: storedInstant, version: lastWins },
});

/** Which of several servers on one store does the measuring: of a term's claims the one with the lowest holder. */
export const monitorClaims = defineKept({
  table: 'monitor_claims',
  whose: 'server',
  key: ['term', 'holder'],
  version: 'beat_at',
  columns: { term: storedCount, holder: storedUuid, beat_at: made(storedInstant), is_released: storedFlag },
});

/** Tenants whose minutes take so long that the others' do not wait for them: up to where each has been measured. */
export const monitorLags = defineKept({
  table: 'monitor_lags',
  whose: 'tenant',
  key: ['tenant_id'],
  version: 'version',
  columns: { tenant_id: storedId, at: storedInstant, under_mark: storedCount, is_over: storedFlag, version: lastWins },
});
