/** Requests that may be repeated: with the same key, the work is done once, and its answer given again. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidParams } from '../../errors.ts';
import type { Answers, KeyedRequest } from '../../ingest/keyed-answers.ts';
import type { Reconciliation } from '../../ingest/reconciliation.ts';

/** The header that makes a repeated request safe. */
export const keyHeader = {
  'Idempotency-Key': {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    description:
      'Makes a repeated request safe: within 24 hours the same key with the same body and parameters answers as the first did, and takes nothing in again. With another one it is a 422; while the first is still being worked on, a 409.',
  },
};

/** The Idempotency-Key of a request, or undefined. Throws InvalidParams. */
export function readKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new InvalidParams([{ id: 'not_a_key', field: 'Idempotency-Key' }]);
}

/** A request that is worked on once. */
export interface OnceOnly {
  answers: Answers;
  tenantId: number;
  /** Without one it is a request of its own. */
  key: string | undefined;
  reply: FastifyReply;
}

/**
 * Does the work of a request, unless it was done before: `findBefore` gives the answer of then. The work asks as soon as it knows
 * the fingerprint of the request, and gives what it got. Throws KeyInUse, KeyReused.
 */
export async function doOnce<Answer extends Reconciliation>(
  { answers, tenantId, key, reply }: OnceOnly,
  work: (findBefore: (fingerprint: string) => Promise<Answer | undefined>) => Promise<Answer>,
): Promise<Answer> {
  if (key === undefined) return work(async () => undefined);
  const release = answers.claim(tenantId, key);
  try {
    let keyed: KeyedRequest | undefined;
    let before: Answer | undefined;
    const answer = await work(async (fingerprint) => {
      keyed = { tenantId, key, fingerprint };
      before = await answers.find<Answer>(keyed);
      return before;
    });
    // Only what was ingested is remembered: a request that failed left nothing, and may be mended under the same key.
    if (before) reply.header('idempotent-replayed', 'true');
    else if (keyed) await answers.keep(keyed, answer);
    return answer;
  } finally {
    release();
  }
}
