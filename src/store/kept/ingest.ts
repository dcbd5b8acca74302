/** The tables beside ingested rows: answers to repeat, refused rows, names of other systems, where syncs are, and when calls came. */
import { defineKept } from '../kept.ts';
import {
  firstWins,
  lastWins,
  made,
  storedCount,
  storedHex,
  storedId,
  storedInstant,
  storedJson,
  storedList,
  storedText,
  storedUuid,
} from '../stored-kinds.ts';

/** What was answered to requests with an Idempotency-Key, for two days. */
export const ingestAnswers = defineKept({
  table: 'ingest_answers',
  whose: 'tenant',
  key: ['tenant_id', 'idempotency_key'],
  version: 'answered_at',
  columns: {
    tenant_id: storedId,
    idempotency_key: storedText,
    fingerprint: storedHex,
    answer: storedJson,
    answered_at: storedInstant,
  },
});

/** Rows that were refused, for whoever has to mend them: the known columns alone, for 30 days. */
export const refusedRows = defineKept({
  table: 'refused_rows',
  whose: 'tenant',
  key: ['tenant_id', 'refused_at', 'import_id', 'line'],
  columns: {
    tenant_id: storedId,
    import_id: storedUuid,
    table_name: storedText,
    source: storedText,
    line: storedCount,
    fields: storedList(storedText),
    reasons: storedList(storedText),
    row: storedJson,
    refused_at: storedInstant,
  },
});

/** Names that other systems use where ours are numbers; should two servers name one thing at once, the lower id stays. */
export const names = defineKept({
  table: 'names',
  whose: 'tenant',
  key: ['tenant_id', 'kind', 'name'],
  version: 'version',
  columns: { tenant_id: storedId, kind: storedText, name: storedText, id: storedId, version: made(lastWins) },
});

/** The last id that was given to a name of a kind, also when the name is gone. */
export const nameMarks = defineKept({
  table: 'name_marks',
  whose: 'tenant',
  key: ['tenant_id', 'kind'],
  version: 'last_id',
  columns: { tenant_id: storedId, kind: storedText, last_id: storedId },
});

/** The key under which a tenant's phone numbers become lead ids: the first one made stays. */
export const hashKeys = defineKept({
  table: 'hash_keys',
  whose: 'tenant',
  key: ['tenant_id'],
  version: 'version',
  columns: { tenant_id: storedId, key: storedHex, version: firstWins(2n ** 63n) },
});

/** How far each sync from another system is, in its own words. */
export const syncStates = defineKept({
  table: 'sync_states',
  whose: 'tenant',
  key: ['tenant_id', 'source'],
  version: 'revision',
  columns: {
    tenant_id: storedId,
    source: storedText,
    state: storedText,
    revision: storedCount,
    saved_at: made(storedInstant),
  },
});

/** When calls of each campaign were last taken in. */
export const lastArrivals = defineKept({
  table: 'last_arrivals',
  whose: 'tenant',
  key: ['tenant_id', 'campaign_id'],
  version: 'taken_in_at',
  columns: { tenant_id: storedId, campaign_id: storedId, taken_in_at: storedInstant },
});
