/** Answers to requests that may be repeated, by their Idempotency-Key. */
import { KeyInUse, KeyReused } from '../errors.ts';
import { sql } from '../sql.ts';
import { ingestAnswers } from '../store/kept/ingest.ts';
import type { Store } from '../store/store.ts';
import { openGathering } from './gathering.ts';
import type { Reconciliation } from './reconciliation.ts';
import { readFirstRefused } from './refused.ts';

/** For how long a repetition gets the answer of the first request. */
export const answersKeptMs = 24 * 3_600_000;

/** A request with an Idempotency-Key: the same key of the same tenant with the same fingerprint is the same request. */
export interface KeyedRequest {
  tenantId: number;
  key: string;
  /** SHA-256 in hex. */
  fingerprint: string;
}

/** What was answered to requests with an Idempotency-Key. */
export interface Answers {
  /** Holds the key until the given function is called. Throws KeyInUse while an earlier request holds it. */
  claim(tenantId: number, key: string): () => void;
  /** The answer that the request got before, or undefined. Throws KeyReused when another request had the key. */
  find<Answer extends Reconciliation>(request: KeyedRequest): Promise<Answer | undefined>;
  /** Keeps an answer; when it resolves, it is on disk. */
  keep(request: KeyedRequest, answer: Reconciliation): Promise<void>;
}

/** The answers in a store. */
export function openAnswers(store: Store, now: () => number): Answers {
  const claimed = new Set<string>();

  const looking = openGathering(async (asked: KeyedRequest[]) => {
    const rows = await store.query<{ tenant_id: number; key: string; fingerprint: string; answer: string }>(
      sql`SELECT tenant_id, idempotency_key AS key, fingerprint, answer
        FROM ${ingestAnswers.versions.ofTenantsIn(sql`SELECT arrayJoin({tenants:Array(UInt64)})`)} AS answers
        WHERE idempotency_key IN (SELECT arrayJoin({keys:Array(String)}))
          AND answers.answered_at > fromUnixTimestamp64Milli({after:Int64}, 'UTC')
        ORDER BY tenant_id, idempotency_key, answers.answered_at DESC LIMIT 1 BY tenant_id, idempotency_key`.bind({
        tenants: [...new Set(asked.map(({ tenantId }) => tenantId))],
        keys: asked.map(({ key }) => key),
        after: now() - answersKeptMs,
      }),
      { lane: 'live' },
    );
    const found = new Map(rows.map((row) => [`${row.tenant_id} ${row.key}`, row]));
    return asked.map(({ tenantId, key }) => found.get(`${tenantId} ${key}`));
  });

  const keeping = openGathering(async (kept: (KeyedRequest & { answer: Reconciliation })[]) => {
    const rows = kept.map(({ tenantId, key, fingerprint, answer: { first_refused: _, ...answer } }) => ({
      tenant_id: tenantId,
      idempotency_key: key,
      fingerprint,
      answer,
      answered_at: now(),
    }));
    await ingestAnswers.add(store, rows, { lane: 'live' });
    return kept.map(() => undefined);
  });

  return {
    claim(tenantId, key) {
      const name = `${tenantId} ${key}`;
      if (claimed.has(name)) throw new KeyInUse();
      claimed.add(name);
      return () => void claimed.delete(name);
    },

    async find<Answer extends Reconciliation>(request: KeyedRequest) {
      const found = await looking.add(request);
      if (!found) return undefined;
      if (found.fingerprint !== request.fingerprint) throw new KeyReused();
      const answer = JSON.parse(found.answer) as Omit<Reconciliation, 'first_refused'>;
      const refused =
        answer.refused > 0 ? await readFirstRefused(store, request.tenantId, [answer.import_id]) : new Map();
      const { held_back, ...counts } = answer;
      return {
        ...counts,
        first_refused: refused.get(answer.import_id) ?? [],
        ...(held_back !== undefined && { held_back }),
        // A fingerprint is of one kind of request, whose answers have one shape.
      } as Answer;
    },

    async keep(request, answer) {
      await keeping.add({ ...request, answer });
    },
  };
}
