import type { FastifyInstance } from 'fastify';
import { findSyncState, keepSyncState, syncStateSchema } from '../../dialers/sync-state.ts';
import { count, type RawParams, readParams, words } from '../../engine/params.ts';
import { closed } from '../../shapes.ts';
import { answersWith, sendingFaults, toData } from '../answers/answers.ts';
import { toBodySchema } from '../asked.ts';
import { readBodyParams } from '../bodies/body-params.ts';
import { type Context, principalOf } from '../context.ts';

// The routes of a sync's state.

const source = { ...words('Which source', 300), required: true as const };
const keepParams = {
  source,
  state: { ...words('How far it is', 900_000), required: true as const },
  revision: { ...count('The revision that it follows', 0, 999_999_999), required: true as const },
};

/** Where a sync from another system remembers how far it is: for whoever takes data in. */
export function serveSync(app: FastifyInstance, context: Context): void {
  const reading = () => ({ now: context.now() });
  const config = { permission: 'ingest' as const };
  const read = { schema: { hide: true, response: answersWith(toData(syncStateSchema)) }, config };
  app.get('/api/telesales/sync-state', read, async (request) => {
    const asked = readParams({ source }, request.query as RawParams, reading());
    return { data: await findSyncState(context.store, principalOf(request).tenantId, asked.source ?? '') };
  });
  const { revision: revisionSchema } = syncStateSchema.properties;
  const kept = answersWith(toData(closed({ revision: revisionSchema })), [...sendingFaults, 409]);
  const keep = { schema: { hide: true, body: toBodySchema(keepParams), response: kept }, config };
  app.put('/api/telesales/sync-state', keep, async (request) => {
    const { source: name = '', state = '', revision = 0 } = readBodyParams(keepParams, request.body, reading());
    const next = await keepSyncState(context.store, principalOf(request).tenantId, name, { state, revision });
    return { data: { revision: next.revision } };
  });
}
