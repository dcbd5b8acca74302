/** Where a sync from another system remembers how far it is, and mends what it sent before: for whoever takes data in. */
import { type TSchema, Type } from 'typebox';
import { dropSentCalls, findSentCalls, type SentCall, sentCallSchema } from '../../dialers/sent-calls.ts';
import { findSyncState, keepSyncState, syncStateSchema } from '../../dialers/sync-state.ts';
import { count, uuid, words } from '../../engine/params.ts';
import { InvalidParams } from '../../errors.ts';
import { readRefusedLines } from '../../ingest/refused.ts';
import { amount, closed } from '../../shapes.ts';
import type { Store } from '../../store/store.ts';
import { dataAnswer, listAnswer } from '../answers/answer-kinds.ts';
import { sendingFaults } from '../answers/answers.ts';
import { bodyOf, type Input, queryOf } from '../asked/input.ts';
import { defineRoute, type Route } from '../route.ts';

const path = '/api/telesales/sync-state';
const source = { ...words('Which source', 300), required: true as const };
const keepParams = {
  source,
  state: { ...words('How far it is', 900_000), required: true as const },
  revision: { ...count('The revision that it follows', 0, 999_999_999), required: true as const },
};

const callsPath = '/api/telesales/sync-calls';
const mostCalls = 5000;
const periodSchema = { from: Type.Integer(), to: Type.Integer() };

/** A body of a period and a list of what is looked for there. */
function listOf<Item>(
  field: string,
  item: TSchema,
  isItem: (one: unknown) => one is Item,
): Input<unknown, { from: number; to: number; list: Item[] }> {
  return {
    schema: Type.Object({ ...periodSchema, [field]: Type.Array(item, { maxItems: mostCalls }) }),
    read(body) {
      const { from, to, [field]: list } = (body ?? {}) as Record<string, unknown>;
      if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
        throw new InvalidParams([{ id: 'not_whole', field: 'from', least: 0, most: Number.MAX_SAFE_INTEGER }]);
      }
      if (Array.isArray(list) && list.length <= mostCalls && list.every(isItem)) {
        return { from: from as number, to: to as number, list };
      }
      throw new InvalidParams([{ id: 'not_texts', field, most: mostCalls }]);
    },
  };
}

const isText = (one: unknown): one is string => typeof one === 'string';

function isKeptCall(one: unknown): one is SentCall {
  const { call_id: id, key, version } = (one ?? {}) as Partial<SentCall>;
  return [id, key, version].every(isText);
}

/** The state of a sync: read, and kept; and the calls that it has sent before: found, and taken back. */
export function syncRoutes({ store }: { store: Store }): Route[] {
  const { revision } = syncStateSchema.properties;
  return [
    defineRoute({
      method: 'GET',
      path,
      permission: 'ingest',
      query: queryOf({ source }),
      answer: dataAnswer(syncStateSchema),
      handler: ({ query, asker }) => findSyncState(store, asker.tenantId, query.source),
    }),
    defineRoute({
      method: 'PUT',
      path,
      permission: 'ingest',
      body: bodyOf(keepParams),
      answer: dataAnswer(closed({ revision })),
      faults: [...sendingFaults, 409],
      handler: async ({ body: { source, ...next }, asker }) => {
        const kept = await keepSyncState(store, asker.tenantId, source, next);
        return { revision: kept.revision };
      },
    }),
    defineRoute({
      method: 'POST',
      path: callsPath,
      permission: 'ingest',
      body: listOf('ids', Type.String(), isText),
      answer: listAnswer(sentCallSchema),
      handler: ({ body: { list: ids, ...period }, asker }) => findSentCalls(store, asker.tenantId, { ids, ...period }),
    }),
    defineRoute({
      method: 'GET',
      path: `${callsPath}/refused`,
      permission: 'ingest',
      query: queryOf({ import_id: { ...uuid('Of which import'), required: true as const } }),
      answer: listAnswer(Type.Integer()),
      handler: ({ query, asker }) => readRefusedLines(store, asker.tenantId, query.import_id),
    }),
    defineRoute({
      method: 'POST',
      path: `${callsPath}/drop`,
      permission: 'ingest',
      body: listOf('calls', sentCallSchema, isKeptCall),
      answer: dataAnswer(closed({ dropped: amount() })),
      handler: async ({ body: { list: calls, ...period }, asker }) => ({
        dropped: await dropSentCalls(store, asker.tenantId, { calls, ...period }),
      }),
    }),
  ];
}
