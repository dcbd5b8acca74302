/** Where a sync from another system remembers how far it is: for whoever takes data in. */
import { findSyncState, keepSyncState, syncStateSchema } from '../../dialers/sync-state.ts';
import { count, words } from '../../engine/params.ts';
import { closed } from '../../shapes.ts';
import type { Store } from '../../store/store.ts';
import { sendingFaults } from '../answers/answers.ts';
import { dataAnswer } from '../answers/kinds.ts';
import { bodyOf, queryOf } from '../asked/input.ts';
import { defineRoute, type Route } from '../route.ts';

const path = '/api/telesales/sync-state';
const source = { ...words('Which source', 300), required: true as const };
const keepParams = {
  source,
  state: { ...words('How far it is', 900_000), required: true as const },
  revision: { ...count('The revision that it follows', 0, 999_999_999), required: true as const },
};

/** The state of a sync: read, and kept. */
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
  ];
}
