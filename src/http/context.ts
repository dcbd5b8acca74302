import type { FastifyRequest } from 'fastify';
import type { ChangeLog } from '../access/change-log.ts';
import type { ExportLog } from '../access/export-log.ts';
import type { Permission, Principal } from '../access/roles.ts';
import type { TenantSettings } from '../access/settings.ts';
import type { Tokens } from '../access/tokens.ts';
import type { Config } from '../config.ts';
import type { RunQuery, StreamQuery } from '../engine/report.ts';
import type { Layouts } from '../export/layout.ts';
import type { Arrivals } from '../ingest/arrivals.ts';
import type { Stamp } from '../ingest/stamp.ts';
import type { WayIn } from '../ingest/way-in.ts';
import type { MappedImporter } from '../mapping/ingest-mapped.ts';
import type { Monitor } from '../monitor/monitor.ts';
import { sql } from '../sql.ts';
import type { Room } from '../store/room.ts';
import { type Store, storeFor } from '../store/store.ts';
import type { AddressRule } from '../webhooks/addresses.ts';
import type { Webhooks } from '../webhooks/registry.ts';
import type { Sender } from '../webhooks/sender.ts';
import type { ExcelMaker } from './answers/excel.ts';
import type { Spools } from './answers/spool.ts';

/** What every route is given. */
export interface Context {
  config: Config;
  store: Store;
  tokens: Tokens;
  settings: TenantSettings;
  exportLog: ExportLog;
  changeLog: ChangeLog;
  webhooks: Webhooks;
  addressRule: AddressRule;
  monitor: Monitor;
  sender: Sender;
  /** How files are laid out. */
  layouts: Layouts;
  /** Makes Excel files, away from everything else. */
  excel: ExcelMaker;
  /** Where answers wait that are made faster than they are read. */
  spools: Spools;
  /** Epoch milliseconds. */
  now: () => number;
  /** The instants of intakes: never the same twice. */
  stamp: Stamp;
  /** Word of rows that were stored. */
  arrivals: Arrivals;
  /** The way in for rows that come over HTTP. */
  intake: WayIn;
  /** What ingests files by mappings. */
  mappedImporter: MappedImporter;
  /** What is left on the disks. */
  room: Room;
  /** The key of whoever runs the server on this machine. */
  localKey: string;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Starts the minute clock and the sending of alerts; they end with the application. */
    startMonitor(): void;
  }
  interface FastifyRequest {
    asking: Principal | undefined;
    /** Aborts when there is nobody to answer any more. */
    gone: AbortSignal;
  }
  interface FastifyContextConfig {
    /** What the token must be allowed; null: no token is asked for. */
    permission?: Permission | 'any' | null;
    /** Rows come one by one: it may be asked for more often. */
    takesRows?: true;
    /** False: it may be asked for at any rate. */
    isCounted?: false;
    /** Its answers have no end, and a limit of their own. */
    isEndless?: boolean;
  }
}

/** The principal of a route that asks for a token. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.asking) throw new TypeError('this route asks for no token');
  return request.asking;
}

/** The store for whoever asks: in turn with other tenants, within the configured limits, and as long as somebody waits. */
export function storeOf({ store, config }: Context, request: FastifyRequest): Store {
  const { tenantId } = principalOf(request);
  return storeFor(store, {
    lane: 'reports',
    tenantId,
    signal: request.gone,
    timeoutMs: config.queryTimeoutMs,
    memoryBytes: config.queryMemoryBytes,
  });
}

/** Runs the queries of whoever asks. */
export function queriesOf(context: Context, request: FastifyRequest): RunQuery {
  const store = storeOf(context, request);
  return (statement) => store.query(statement);
}

/** The same for rows that come in chunks. */
export function streamsOf(context: Context, request: FastifyRequest): StreamQuery {
  const store = storeOf(context, request);
  // ClickHouse: its usual blocks of 65,000 rows take megabytes as text; these cost no more to read by.
  return (statement) => store.stream(sql`${statement} SETTINGS max_block_size = 16384`);
}

// As many ids of agents as there may be in an address.
const mostParameters = 1000;

/** Whether a query string has more parameters than anybody asks by: each is looked at for every one that a route knows. */
export function hasTooManyParameters(text: string): boolean {
  let count = 1;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) if (++count > mostParameters) return true;
  return false;
}

/** A query string as names with all their texts; of one that has too many none, since it is refused before anybody asks. */
export function parseQueryString(text: string): Record<string, string[]> {
  const query: Record<string, string[]> = Object.create(null);
  if (hasTooManyParameters(text)) return query;
  for (const [name, value] of new URLSearchParams(text)) {
    const texts = query[name] ?? [];
    texts.push(value);
    query[name] = texts;
  }
  return query;
}
