import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import {
  dropKeptCalls,
  findKeptCalls,
  type KeptCall,
  type KeptPeriod,
  keptCallSchema,
} from '../../dialers/kept-calls.ts';
import { findSyncState, keepSyncState, syncStateSchema } from '../../dialers/sync-state.ts';
import { count, type RawParams, readParams, words } from '../../engine/params.ts';
import { InvalidParams } from '../../errors.ts';
import { amount, closed } from '../../shapes.ts';
import { answersWith, sendingFaults, toData, toDataList } from '../answers/answers.ts';
import { toBodySchema } from '../asked.ts';
import { readBodyParams } from '../bodies/body-params.ts';
import { type Context, principalOf } from '../context.ts';

// The routes of a sync: its state, and calls that it has sent before.

const source = { ...words('Which source', 300), required: true as const };
const keepParams = {
  source,
  state: { ...words('How far it is', 900_000), required: true as const },
  revision: { ...count('The revision that it follows', 0, 999_999_999), required: true as const },
};

const mostCalls = 5000;
const period = { from: Type.Integer(), to: Type.Integer() };
const findSchema = Type.Object({ ...period, ids: Type.Array(Type.String(), { maxItems: mostCalls }) });
const dropSchema = Type.Object({ ...period, calls: Type.Array(keptCallSchema, { maxItems: mostCalls }) });

/** Where a sync from another system remembers how far it is, and mends what it sent before: for whoever takes data in. */
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

  const found = answersWith(toDataList(keptCallSchema), sendingFaults);
  const find = { schema: { hide: true, body: findSchema, response: found }, config };
  app.post('/api/telesales/sync-calls', find, async (request) => {
    const ids = readList<string>(request.body, 'ids', (one) => typeof one === 'string');
    return {
      data: await findKeptCalls(context.store, principalOf(request).tenantId, { ids, ...readPeriod(request.body) }),
    };
  });
  const dropped = answersWith(toData(closed({ dropped: amount() })), sendingFaults);
  const drop = { schema: { hide: true, body: dropSchema, response: dropped }, config };
  app.post('/api/telesales/sync-calls/drop', drop, async (request) => {
    const calls = readList<KeptCall>(request.body, 'calls', isKeptCall);
    return {
      data: {
        dropped: await dropKeptCalls(context.store, principalOf(request).tenantId, {
          calls,
          ...readPeriod(request.body),
        }),
      },
    };
  });
}

/** From when to when calls began, in epoch milliseconds. */
function readPeriod(body: unknown): KeptPeriod {
  const { from, to } = (body ?? {}) as Record<string, unknown>;
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to)) return { from: Number(from), to: Number(to) };
  throw new InvalidParams({ from: ['The from and the to must be instants in epoch milliseconds.'] });
}

function readList<Item>(body: unknown, field: string, isItem: (one: unknown) => boolean): Item[] {
  const list: unknown = (body as Record<string, unknown> | null | undefined)?.[field];
  if (Array.isArray(list) && list.length <= mostCalls && list.every(isItem)) return list;
  throw new InvalidParams({ [field]: [`The ${field} must be a list of at most ${mostCalls}.`] });
}

function isKeptCall(one: unknown): boolean {
  const { call_id: id, key, version } = (one ?? {}) as Partial<KeptCall>;
  return [id, key, version].every((text) => typeof text === 'string');
}
