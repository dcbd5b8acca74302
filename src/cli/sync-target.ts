import { basename } from 'node:path';
import type { NamedId, NameKind } from '../ingest/names.ts';
import type { KeptState } from '../ingest/sync-state.ts';
import type { Target } from '../ingest/vicidial/target.ts';
import type { Door } from './door.ts';
import { takeIn } from './intake.ts';
import { askData } from './request.ts';

const path = '/api/telesales/sync-state';
const silent = { show: () => {}, clear: () => {} };

/** The tenant behind a door as a sync's target: names, files and state all go through the server. */
export function openTarget(door: Door, tenant: number, source: string): Target {
  let revision: number | undefined;
  const load = async () => {
    const kept = await askData<KeptState>(door, { path, query: [['source', source]], tenant });
    revision = kept.revision;
    return kept.state || undefined;
  };
  return {
    ids: async (kind: NameKind, names) => {
      const json = { kind, names };
      const found = await askData<NamedId[]>(door, { method: 'POST', path: '/api/telesales/ids', tenant, json });
      return new Map(found.map(({ name, id }) => [name, id]));
    },
    takeIn: (table, file) =>
      takeIn(
        door,
        { path: file, name: basename(file), table, format: 'ndjson' },
        { tenant, strict: false, progress: silent },
      ),
    loadState: load,
    saveState: async (state) => {
      if (revision === undefined) await load();
      const kept = await askData<{ revision: number }>(door, {
        method: 'PUT',
        path,
        tenant,
        json: { source, state, revision },
      });
      revision = kept.revision;
    },
  };
}
