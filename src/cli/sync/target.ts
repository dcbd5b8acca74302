/** Where a sync's rows and its state go: a tenant behind the door to a server, and files on their way there. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import type { SentCall } from '../../dialers/sent-calls.ts';
import type { KeptState } from '../../dialers/sync-state.ts';
import type { Target } from '../../dialers/target.ts';
import type { NamedId } from '../../ingest/named-id.ts';
import type { NameKind } from '../../ingest/names.ts';
import type { MappedReconciliation } from '../../mapping/reconciliation.ts';
import { sendTableFile } from '../files/send-table-file.ts';
import type { Door } from '../server/door.ts';
import { askData } from '../server/request.ts';

const path = '/api/telesales/sync-state';
const callsPath = '/api/telesales/sync-calls';
const callsAtOnce = 5000;
const silent = { show: () => {}, clear: () => {} };

/** The tenant behind a door as a sync's target: names, files and state all go through the server. */
export function openTarget(door: Door, tenantId: number, source: string): Target {
  let revision: number | undefined;
  const load = async () => {
    const kept = await askData<KeptState>(door, { path, query: [['source', source]], tenantId });
    revision = kept.revision;
    return kept.state || undefined;
  };
  return {
    ids: async (kind: NameKind, names) => {
      // MySQL compares without regard to case, and so does the dialer.
      const json = { kind, names, in_any_case: true };
      const found = await askData<NamedId[]>(door, { method: 'POST', path: '/api/telesales/ids', tenantId, json });
      return new Map(found.map(({ name, id }) => [name, id]));
    },
    ingest: (table, file) =>
      sendTableFile(
        door,
        { path: file, name: basename(file), table, format: 'ndjson' },
        { tenantId, strict: false, progress: silent },
      ),
    ingestMapped: (mapping, lines) => {
      const whole = Buffer.from(`${JSON.stringify(mapping)}\n${lines.join('')}`);
      return askData<MappedReconciliation>(door, {
        method: 'POST',
        path: '/api/telesales/ingest/mapped',
        query: [['file', source.slice(0, 255)]],
        tenantId,
        stream: { from: Readable.from([whole]), type: 'application/octet-stream', bytes: whole.length },
      });
    },
    findCalls: async (ids, period) => {
      const found: SentCall[] = [];
      for (const some of inParts(ids)) {
        const json = { ids: some, ...period };
        found.push(...(await askData<SentCall[]>(door, { method: 'POST', path: callsPath, tenantId, json })));
      }
      return found;
    },
    refusedLines: (importId) =>
      askData<number[]>(door, { path: `${callsPath}/refused`, query: [['import_id', importId]], tenantId }),
    dropCalls: async (calls, period) => {
      let all = 0;
      for (const some of inParts(calls)) {
        const ask = { method: 'POST' as const, path: `${callsPath}/drop`, tenantId, json: { calls: some, ...period } };
        all += (await askData<{ dropped: number }>(door, ask)).dropped;
      }
      return all;
    },
    loadState: load,
    saveState: async (state) => {
      if (revision === undefined) await load();
      const kept = await askData<{ revision: number }>(door, {
        method: 'PUT',
        path,
        tenantId,
        json: { source, state, revision },
      });
      revision = kept.revision;
    },
  };
}

function inParts<Item>(items: readonly Item[]): (readonly Item[])[] {
  const count = Math.ceil(items.length / callsAtOnce);
  return Array.from({ length: count }, (_, at) => items.slice(at * callsAtOnce, (at + 1) * callsAtOnce));
}

/**
 * Does work with a directory for files on their way in. The server that holds the data directory reads them where they
 * lie, so they lie there: a service may have a /tmp of its own. The server's next start sweeps up what a kill left.
 */
export async function withFiles<Result>(door: Door, work: (directory: string) => Promise<Result>): Promise<Result> {
  const parent = door.where === 'here' ? join(door.dataDir, 'uploads') : tmpdir();
  await mkdir(parent, { recursive: true });
  const directory = await mkdtemp(join(parent, 'sync-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
