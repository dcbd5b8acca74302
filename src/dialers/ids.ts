/** From the names that a dialer has for campaigns, agents and teams to the ids that our rows have. */
import type { NameKind } from '../ingest/names.ts';
import { fold } from './mysql/fold.ts';
import type { Target } from './target.ts';

/** What names where our rows have ids. */
export interface Named {
  campaign: string;
  agent?: string;
  team?: string;
}

/** Gives the ids of names, each asked for once. */
export interface Ids {
  know(kind: NameKind, names: readonly (string | undefined)[]): Promise<void>;
  /** The ids of all that calls name. */
  knowAllOf(calls: readonly Named[]): Promise<void>;
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

/** A call with names as a row of our table. */
export function toRow<Call extends Named>({ campaign, agent, team, ...call }: Call, idOf: Ids['of']) {
  return {
    ...call,
    campaign_id: idOf('campaign', campaign),
    ...(agent && { agent_id: idOf('agent', agent) }),
    ...(team && { team_id: idOf('team', team) }),
  };
}
