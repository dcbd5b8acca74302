import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { answerCompared } from '../src/engine/compare.ts';
import { type Comparison, toComparison } from '../src/engine/comparison-schema.ts';
import { answer, type Desk, type Question, readQuestion } from '../src/engine/run.ts';
import type { Settings } from '../src/engine/settings.ts';
import { type Importer, openImporter } from '../src/ingest/importer.ts';
import { ingestFile } from '../src/ingest/ingest-file.ts';
import type { Reconciliation } from '../src/ingest/reconciliation.ts';
import { openStamp } from '../src/ingest/stamp.ts';
import { openEmbedded } from '../src/store/embedded.ts';
import { migrate } from '../src/store/migrate.ts';
import type { Store } from '../src/store/store.ts';
import type { TableName } from '../src/tables.ts';
import { reportOf } from './questions.ts';

/** A row as a file would carry it. */
export type Row = Record<string, string | number | boolean | null>;

/** The clock of every story, unless it sets another: Wednesday noon. */
export const now = '2026-06-10T12:00:00Z';

/** What a report is asked, unless a story says otherwise: the week in which `call()` dials. */
const week = { date_from: '2026-06-01', date_to: '2026-06-07' };

interface AskOptions {
  tenantId?: number;
  now?: string;
  settings?: Settings;
}

/** A store with nothing in it. Each story has a tenant of its own. */
export interface World {
  readonly store: Store;
  readonly importer: Importer;
  /** The tenant of the running story. */
  readonly tenantId: number;
  /** Takes rows in, as a file would. Throws when one is refused. */
  ingest(table: TableName, rows: readonly Row[], options?: { tenantId?: number }): Promise<Reconciliation>;
  /** Asks a report for the week, or for whatever the parameters say. Gives its `data`. */
  ask<Data = Record<string, unknown>[]>(
    report: string,
    params?: Record<string, string | string[]>,
    options?: AskOptions,
  ): Promise<Data>;
  /** The same beside another window: gives the comparison as JSON has it. */
  compare(report: string, params: Record<string, string | string[]>, options?: AskOptions): Promise<Comparison>;
}

/** Opens a world for all stories of a test file. */
export function openWorld(): World {
  let store: Store | undefined;
  let importer: Importer | undefined;
  let directory = '';
  let tenantId = 0;
  let files = 0;
  const stamp = openStamp(() => Date.parse(now));
  const opened = <Part>(part: Part | undefined): Part => {
    if (!part) throw new Error('a world opens before the first story, not while they are told');
    return part;
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dialtally-world-'));
    store = await openEmbedded({ path: join(directory, 'store') });
    importer = openImporter(store, { directory: join(directory, 'uploads') });
    await migrate(store);
  });
  beforeEach(() => {
    tenantId++;
  });
  afterAll(async () => {
    await importer?.close();
    await store?.close();
    await rm(directory, { recursive: true, force: true });
  });

  function toAsked(
    name: string,
    params: Record<string, string | string[]>,
    options: AskOptions,
  ): [question: Question, desk: Desk] {
    const clock = Date.parse(options.now ?? now);
    const question = readQuestion(reportOf(name), { ...week, ...params }, { now: clock });
    const desk: Desk = {
      tenantId: options.tenantId ?? tenantId,
      now: clock,
      query: (statement) => opened(store).query(statement),
      ...(options.settings && { settings: options.settings }),
    };
    return [question, desk];
  }

  return {
    get store() {
      return opened(store);
    },
    get importer() {
      return opened(importer);
    },
    get tenantId() {
      return tenantId;
    },
    async ingest(table, rows, options = {}) {
      const path = join(directory, `${table}-${files++}.ndjson`);
      await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      const done = await ingestFile(opened(importer), {
        tenantId,
        table,
        format: 'ndjson',
        path,
        stamp: stamp(),
        ...options,
      });
      if (done.refused > 0) throw new Error(`refused: ${JSON.stringify(done.first_refused)}`);
      return done;
    },
    async ask<Data>(name: string, params: Record<string, string | string[]> = {}, options: AskOptions = {}) {
      const { data } = await answer(...toAsked(name, params, options));
      return data as Data;
    },
    async compare(name, params, options = {}) {
      return toComparison(await answerCompared(...toAsked(name, params, options)));
    },
  };
}

let calls = 0;

/** A call: Monday 09:00 UTC, campaign 1, agent 1, a minute of talk; and whatever the story says. */
export function call(row: Row = {}): Row {
  const outcome = row.outcome ?? 'answered';
  return {
    call_id: `call-${++calls}`,
    campaign_id: 1,
    agent_id: outcome === 'answered' ? 1 : null,
    started_at: '2026-06-01T09:00:00Z',
    outcome,
    talk_sec: outcome === 'answered' ? 60 : 0,
    ...row,
  };
}

/** As many calls alike. */
export function callsOf(count: number, row: Row = {}): Row[] {
  return Array.from({ length: count }, () => call(row));
}

/** A lead of campaign 1, created on Monday 08:00 UTC. */
export function lead(row: Row & { lead_id: number }): Row {
  return { campaign_id: 1, source: 'web', created_at: '2026-06-01T08:00:00Z', ...row };
}

/** A campaign with a name. */
export function campaign(row: Row & { campaign_id: number }): Row {
  return { name: `Campaign of ${row.campaign_id}`, ...row };
}

/** An agent with a name. */
export function agent(row: Row & { agent_id: number }): Row {
  return { name: `Agent of ${row.agent_id}`, ...row };
}

/** A disposition with a label. */
export function disposition(row: Row & { code: string }): Row {
  return { label: `Label of ${row.code}`, ...row };
}
