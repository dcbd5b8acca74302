import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { Role } from '../../src/access/roles.ts';
import { buildApp } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Store } from '../../src/store/store.ts';
import type { TableName } from '../../src/tables.ts';

/** The key that a test's applications accept as the operator's. */
export const localKey = 'the-key-of-this-machine';

/** A row as a dialer would send it. */
export type SentRow = Record<string, unknown>;

/** What a test's token is for; tenant 1 unless told otherwise. */
export interface Asker {
  tenant?: number;
  team?: number;
  agent?: number;
  expires?: string;
}

/** An application on a store, and the few gestures that stories are made of. */
export interface Site {
  app: FastifyInstance;
  store: Store;
  config: Config;
  /** Makes a token, as an operator would. */
  token(role: Role, asker?: Asker): Promise<string>;
  /** Asks for a URL; with a token when one is given. */
  get(url: string, token?: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Sends rows in, all of which must be taken. */
  ingest(table: TableName, rows: readonly SentRow[], tenant?: number): Promise<void>;
}

/** A store on a directory of its own, with its tables. `close` takes both away. */
export async function openTestStore(): Promise<{ store: Store; directory: string; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'dialtally-http-'));
  const store = await openEmbedded({ path: join(directory, 'store') });
  await migrate(store);
  return {
    store,
    directory,
    close: async () => {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** How an application of a test differs from the plain one. */
export interface SiteOptions {
  env?: Record<string, string>;
  /** What the environment can't say. */
  config?: Partial<Config>;
  now?: () => number;
}

/** An application on a store; several may share one. */
export async function openSite(store: Store, directory: string, options: SiteOptions = {}): Promise<Site> {
  const config = {
    ...readConfig({ DATA_DIR: directory, RATE_LIMIT: '0', LOG_LEVEL: 'silent', ...options.env }),
    ...options.config,
  };
  const app = await buildApp({ config, store, localKey, ...(options.now && { now: options.now }) });
  const asOperator = (tenant: number) => ({
    authorization: `Bearer ${localKey}`,
    'dialtally-tenant': String(tenant),
  });
  return {
    app,
    store,
    config,
    async token(role, { tenant = 1, team, agent, expires } = {}) {
      const made = await app.inject({
        method: 'POST',
        url: '/api/telesales/tokens',
        headers: asOperator(tenant),
        payload: { role, team_id: team, agent_id: agent, expires },
      });
      if (made.statusCode !== 201) throw new Error(`no token was made: ${made.body}`);
      return made.json<{ data: { token: string } }>().data.token;
    },
    get: (url, token, headers = {}) =>
      app.inject({ url, headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers } }),
    async ingest(table, rows, tenant = 1) {
      const sent = await app.inject({
        method: 'POST',
        url: `/api/telesales/ingest/${table}?strict=1`,
        headers: { ...asOperator(tenant), 'content-type': 'application/x-ndjson' },
        payload: rows.map((row) => JSON.stringify(row)).join('\n'),
      });
      const answer = sent.json<{ data?: { taken_in: number } }>();
      if (answer.data?.taken_in !== rows.length) throw new Error(`${table} was not taken in: ${sent.body}`);
    },
  };
}

/** A URL of a report: parameters in the order given; a list repeats its name. */
export function reportUrl(report: string, params: Record<string, string | number | readonly (string | number)[]> = {}) {
  const pairs = Object.entries(params).flatMap(([name, value]) =>
    (typeof value === 'object' ? value : [value]).map(
      (one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`,
    ),
  );
  return `/api/telesales/reports/${report}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
}

let calls = 0;

/** A call as a dialer would send it, with boring details: dialed, nobody picked up. */
export function dial(details: SentRow = {}): SentRow {
  calls += 1;
  return {
    call_id: `call-${calls}`,
    campaign_id: 43,
    started_at: '2026-06-02T09:00:00Z',
    outcome: 'no_answer',
    ...details,
  };
}

/** A call on which an agent talked for a minute. */
export function talk(details: SentRow = {}): SentRow {
  return dial({ outcome: 'answered', talk_sec: 60, ...details });
}
