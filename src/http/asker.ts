/** Whoever asks a route: who it is, and what answers it. */
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../access/roles.ts';
import type { Config } from '../config.ts';
import type { RunQuery, StreamQuery } from '../engine/report.ts';
import { sql } from '../sql.ts';
import { type Store, storeFor } from '../store/store.ts';
import type { Spools } from './answers/spool.ts';

/** Whoever asks. */
export interface Asker {
  principal: Principal;
  tenantId: number;
  /** Aborts when there is nobody to answer any more. */
  gone: AbortSignal;
  /** The store: in turn with other tenants, within the configured limits, and as long as somebody waits. */
  store: Store;
  /** Runs a query there. */
  query: RunQuery;
  /** The same for rows that come in chunks. */
  stream: StreamQuery;
  /** A text on its way to the asker: what is made faster than it is read waits on disk. */
  spool(text: AsyncIterable<string | Buffer>): Readable;
}

/** What askers are given a share of. */
export interface AskersOptions {
  store: Store;
  spools: Spools;
  config: Pick<Config, 'queryTimeoutMs' | 'queryMemoryBytes'>;
}

/** Finds who asks. Throws TypeError for a route that asks for no token. */
export type AskerOf = (request: FastifyRequest) => Asker;

/** Opens what finds who asks. */
export function openAskers({ store, spools, config }: AskersOptions): AskerOf {
  return ({ asking: principal, gone }) => {
    if (!principal) throw new TypeError('this route asks for no token');
    const { tenantId } = principal;
    const its = storeFor(store, {
      lane: 'reports',
      tenantId,
      signal: gone,
      timeoutMs: config.queryTimeoutMs,
      memoryBytes: config.queryMemoryBytes,
    });
    return {
      principal,
      tenantId,
      gone,
      store: its,
      query: (statement) => its.query(statement),
      // ClickHouse: its usual blocks of 65,000 rows take megabytes as text; these cost no more to read by.
      stream: (statement) => its.stream(sql`${statement} SETTINGS max_block_size = 16384`),
      spool: (text) => spools.through(tenantId, text, gone),
    };
  };
}
