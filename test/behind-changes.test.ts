import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BehindQuestion, pageBehind, streamBehind } from '../src/engine/behind.ts';
import { readBehind } from '../src/engine/behind-params.ts';
import type { Desk } from '../src/engine/run.ts';
import { openScope } from '../src/engine/scope.ts';
import { defaultSettings } from '../src/engine/settings.ts';
import { type Importer, openImporter } from '../src/ingest/importer.ts';
import { ingestFile } from '../src/ingest/ingest-file.ts';
import { openStamp } from '../src/ingest/stamp.ts';
import { sql } from '../src/sql.ts';
import { purgeCalls, purgeLead } from '../src/store/purge.ts';
import type { Store } from '../src/store/store.ts';
import { describeStores } from './engines.ts';
import { reportOf } from './questions.ts';
import { call, callsOf, now, type Row } from './world.ts';

// Rows come in, are corrected and go while somebody walks through the calls behind a figure.
const runs = Number(process.env.ORACLE_RUNS ?? 6);
const at = Date.parse(now);

describeStores((engine) => {
  let store: Store;
  let importer: Importer;
  let tenantId = 0;
  const stamp = openStamp(() => at);

  beforeAll(() => {
    ({ store } = engine);
    importer = openImporter(store, { directory: join(engine.directory, 'uploads') });
  });
  beforeEach(() => {
    tenantId++;
  });
  afterAll(async () => {
    await importer?.close();
  });

  async function ingest(rows: readonly Row[]): Promise<void> {
    const path = join(engine.directory, 'calls.ndjson');
    writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'));
    const done = await ingestFile(importer, { tenantId, table: 'calls', format: 'ndjson', path, stamp: stamp() });
    expect(done.taken_in).toBe(rows.length);
  }

  const desk = (): Desk & Required<Pick<Desk, 'stream'>> => ({
    tenantId,
    now: at,
    query: (statement) => store.query(statement),
    stream: (statement) => store.stream(statement),
  });

  function asked(report: string, params: Record<string, string> = {}): BehindQuestion {
    const week = { date_from: '2026-06-01', date_to: '2026-06-07' };
    const read = readBehind(reportOf(report), {}, { ...week, ...params }, { now: at });
    return { question: read.question, ...read.figured, part: {} };
  }
  const answered = () => asked('dashboard', { column: 'total_answers' });

  /** Somebody who walks page by page, and keeps what came. */
  function openWalk(question: BehindQuestion, limit: number, idOf = (row: Row) => row.call_id) {
    const found: unknown[] = [];
    let after: Parameters<typeof pageBehind>[2]['after'];
    let isOver = false;
    return {
      found,
      get isOver() {
        return isOver;
      },
      async page() {
        if (isOver) return;
        const { rows, next } = await pageBehind(question, desk(), { limit, after });
        found.push(...(rows as Row[]).map(idOf));
        after = next ? { place: next, now: at } : undefined;
        isOver = next === null;
      },
      async rest() {
        while (!isOver) await this.page();
        return found;
      },
    };
  }

  /** Calls with these ids, a minute apart. */
  const inOrder = (...ids: string[]) =>
    ids.map((call_id, minute) => call({ call_id, started_at: `2026-06-02T09:${String(minute).padStart(2, '0')}:00Z` }));

  describe('a walk through pages', () => {
    test('does not see what came in before its place, and sees what came in behind it', async () => {
      await ingest(inOrder('a', 'b', 'c', 'd'));
      const walk = openWalk(answered(), 2);
      await walk.page();
      await ingest([
        call({ call_id: 'early', started_at: '2026-06-01T00:00:00Z' }),
        call({ call_id: 'late', started_at: '2026-06-03T00:00:00Z' }),
      ]);
      expect(await walk.rest()).toEqual(['a', 'b', 'c', 'd', 'late']);
    });

    test('goes on where it was when the call there counts no more, or is gone', async () => {
      const rows = inOrder('a', 'b', 'c', 'd');
      await ingest(rows);
      const walk = openWalk(answered(), 2);
      await walk.page();
      await ingest([{ ...rows[1]!, outcome: 'no_answer', agent_id: null }]);
      await walk.page();
      expect(walk.found).toEqual(['a', 'b', 'c', 'd']);
      const again = openWalk(answered(), 1);
      await again.page();
      await purgeCalls(store, {
        tenantId,
        from: Date.parse('2026-06-02T09:00:00Z'),
        to: Date.parse('2026-06-02T09:00:01Z'),
      });
      expect(await again.rest()).toEqual(['a', 'c', 'd']);
    }, 120_000);

    test('leaves out what was corrected before it came there, and takes what was corrected to count', async () => {
      const rows = inOrder('a', 'b', 'c', 'd');
      await ingest([...rows.slice(0, 3), { ...rows[3]!, outcome: 'busy', agent_id: null }]);
      const walk = openWalk(answered(), 1);
      await walk.page();
      await ingest([{ ...rows[2]!, outcome: 'failed', agent_id: null }, rows[3]!]);
      expect(await walk.rest()).toEqual(['a', 'b', 'd']);
    });

    test('tells calls of one instant apart by campaign and id', async () => {
      const same = callsOf(9, { started_at: '2026-06-02T09:00:00.123Z' });
      await ingest(
        same.map((row, n) => ({ ...row, campaign_id: 1 + (n % 3), call_id: ['x', 'X', '😀'][Math.floor(n / 3)]! })),
      );
      const walk = openWalk(answered(), 2, (row) => `${row.campaign_id} ${row.call_id}`);
      const ids = ['X', 'x', '😀'];
      expect(await walk.rest()).toEqual([1, 2, 3].flatMap((campaign) => ids.map((id) => `${campaign} ${id}`)));
    });

    test('of leads goes on when one is purged', async () => {
      await ingest(callsOf(6).map((row, n) => ({ ...row, lead_id: n + 1 })));
      const walk = openWalk(asked('funnel', { stage: 'Connected' }), 2, (row) => row.lead_id);
      await walk.page();
      await purgeLead(store, { tenantId, leadId: 2 });
      await purgeLead(store, { tenantId, leadId: 5 });
      expect(await walk.rest()).toEqual([1, 2, 3, 4, 6]);
    }, 120_000);
  });

  test('a stream that rows come in beside has each call that was there once', async () => {
    const days = ['01', '02', '03', '04', '05', '06', '07'];
    const rows = days.flatMap((day) => callsOf(3, { started_at: `2026-06-${day}T09:00:00Z` }));
    await ingest(rows);
    const found: unknown[] = [];
    for await (const some of streamBehind(answered(), desk())) {
      found.push(...some.map(({ call_id }) => call_id));
      await ingest(days.map((day) => call({ started_at: `2026-06-${day}T08:00:00Z`, outcome: 'machine' })));
      await ingest(rows.map((row) => ({ ...row, talk_sec: 61 })));
    }
    expect(found.toSorted()).toEqual(rows.map(({ call_id }) => call_id).toSorted());
  });

  test('a stream whose stretches are cut, amid calls of one instant, has each of them once', async () => {
    const burst = Array.from({ length: 3 }, (_, n) =>
      callsOf(700, { started_at: `2026-06-02T09:00:0${n}.000Z` }),
    ).flat();
    await ingest(burst);
    const found: unknown[] = [];
    for await (const some of streamBehind(answered(), desk(), { mostAtOnce: 500 })) {
      found.push(...some.map(({ call_id }) => call_id));
    }
    expect(found).toHaveLength(2100);
    expect(new Set(found).size).toBe(2100);
  });

  test('slices of a window have its calls, each once', async () => {
    const minutes = fc.integer({ min: 0, max: 7 * 24 * 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(minutes, { minLength: 1, maxLength: 20 }),
        fc.array(minutes, { maxLength: 5 }),
        async (starts, cuts) => {
          tenantId += 1000;
          const from = Date.parse('2026-06-01T00:00:00Z');
          const window = { from, to: from + 7 * 24 * 3_600_000 };
          await ingest(starts.map((minute) => call({ started_at: new Date(from + minute * 60_000).toISOString() })));
          const idsIn = async (slice?: { from: number; to: number }) => {
            const scope = openScope({
              tenantId,
              window,
              filters: {},
              settings: defaultSettings,
              ...(slice && { slice }),
            });
            const rows = await store.query<{ id: string }>(
              sql`SELECT calls.call_id AS id FROM ${scope.calls} AS calls`,
            );
            return rows.map(({ id }) => id);
          };
          const edges = [0, ...cuts.map((minute) => from + minute * 60_000).sort((a, b) => a - b), 4_000_000_000_000];
          const parts = [];
          for (const [n, edge] of edges.slice(1).entries()) parts.push(...(await idsIn({ from: edges[n]!, to: edge })));
          expect(parts.toSorted()).toEqual((await idsIn()).toSorted());
        },
      ),
      { numRuns: runs },
    );
  }, 120_000);

  test(`whatever happens between pages, what counted all the time comes once, over ${runs} stories`, async () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
    const starts = fc.constantFrom(
      '2026-06-01T00:00:00Z',
      '2026-06-02T09:00:00Z',
      '2026-06-02T09:00:00.001Z',
      '2026-06-04T23:59:59.999Z',
      '2026-06-07T23:59:59.999Z',
    );
    const rows = fc
      .record({
        call_id: ids,
        campaign_id: fc.constantFrom(1, 2),
        started_at: starts,
        outcome: fc.constantFrom('answered', 'answered', 'abandoned', 'busy'),
        lead_id: fc.constantFrom(1, 2, 3, 4, 5, 6),
      })
      .map((row) => call({ ...row, talk_sec: 0, agent_id: null }));
    const story = fc.record({
      before: fc.array(rows, { minLength: 5, maxLength: 30 }),
      steps: fc.array(fc.oneof(fc.constant('page' as const), fc.array(rows, { minLength: 1, maxLength: 3 })), {
        maxLength: 14,
      }),
      limit: fc.integer({ min: 1, max: 7 }),
      of: fc.constantFrom('calls', 'leads'),
    });
    const keyOf = ({ campaign_id, started_at, call_id }: Row) =>
      `${campaign_id} ${new Date(String(started_at)).toISOString()} ${call_id}`;
    await fc.assert(
      fc.asyncProperty(story, async ({ before, steps, limit, of }) => {
        tenantId += 1000;
        const standing = new Map<string, Row>();
        const isCounted = ({ outcome }: Row) => ['answered', 'abandoned'].includes(String(outcome));
        const counted = () =>
          new Set(
            [...standing.values()].filter(isCounted).map((row) => (of === 'calls' ? keyOf(row) : String(row.lead_id))),
          );
        const take = async (sent: readonly Row[]) => {
          for (const row of sent) standing.set(keyOf(row), row);
          await ingest(sent);
        };
        await take(before);
        const question = of === 'calls' ? answered() : asked('funnel', { stage: 'Connected' });
        const walk = openWalk(question, limit, of === 'calls' ? keyOf : (row) => String(row.lead_id));
        let always = counted();
        const sometimes = new Set(always);
        for (const step of steps) {
          if (step === 'page') {
            const until = walk.found.length;
            await walk.page();
            for (const id of walk.found.slice(until)) expect([...counted()], 'it counts as it comes').toContain(id);
          } else if (!walk.isOver) {
            await take(step);
            const after = counted();
            always = new Set([...always].filter((id) => after.has(id)));
            for (const id of after) sometimes.add(id);
          }
        }
        const found = (await walk.rest()) as string[];
        expect(new Set(found).size, 'nothing twice').toBe(found.length);
        expect(
          [...always].filter((id) => !found.includes(id)),
          'nothing is missing',
        ).toEqual([]);
        expect(found.filter((id) => !sometimes.has(id))).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  }, 300_000);
});
