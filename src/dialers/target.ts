import type { NameKind } from '../ingest/names.ts';
import type { Reconciliation } from '../ingest/reconciliation.ts';
import type { TableName } from '../tables.ts';
import type { NamedCall } from './vicidial/calls.ts';
import { fold } from './vicidial/statuses.ts';

/** Where a sync's rows go, and where it remembers how far it is. */
export interface Target {
  /** The ids of names, by the name; those that differ in case alone have one. */
  ids(kind: NameKind, names: readonly string[]): Promise<Map<string, number>>;
  /** Takes a file of NDJSON in, through the same door as any other file. */
  takeIn(table: TableName, path: string): Promise<Reconciliation>;
  loadState(): Promise<string | undefined>;
  /** Keeps the state. Throws when another sync of the same source kept one in the meantime. */
  saveState(state: string): Promise<void>;
}

/** Gives the ids of names, each asked for once. */
export interface Ids {
  know(kind: NameKind, names: readonly (string | undefined)[]): Promise<void>;
  /** The ids of all that calls name. */
  knowAllOf(calls: readonly Pick<NamedCall, 'campaign' | 'agent' | 'team'>[]): Promise<void>;
  of(kind: NameKind, name: string | undefined): number | undefined;
}

/** Ids by name, remembered while the process lives. Names that differ in case alone are one, as they are to MySQL. */
export function openIds(target: Pick<Target, 'ids'>): Ids {
  const known = new Map<string, number>();
  const toKey = (kind: NameKind, name: string) => `${kind} ${fold(name)}`;
  const know: Ids['know'] = async (kind, names) => {
    const missing = [...new Set(names)].filter(
      (name) => name !== undefined && name !== '' && !known.has(toKey(kind, name)),
    );
    for (let at = 0; at < missing.length; at += 5000) {
      const found = await target.ids(kind, missing.slice(at, at + 5000) as string[]);
      for (const [name, id] of found) known.set(toKey(kind, name), id);
    }
  };
  return {
    know,
    async knowAllOf(calls) {
      for (const kind of ['campaign', 'agent', 'team'] as const) {
        await know(
          kind,
          calls.map((call) => call[kind]),
        );
      }
    },
    of: (kind, name) => (name === undefined ? undefined : known.get(toKey(kind, name))),
  };
}

/** A call as a row of our table. */
export function toRow({ campaign, agent, team, ...call }: NamedCall, idOf: Ids['of']) {
  return {
    ...call,
    campaign_id: idOf('campaign', campaign),
    ...(agent && { agent_id: idOf('agent', agent) }),
    ...(team && { team_id: idOf('team', team) }),
  };
}
