import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { toCdrReport } from '../../../src/cli/show/cdr-report.ts';
import { openTarget } from '../../../src/cli/sync/target.ts';
import { openAsterisk } from '../../../src/dialers/asterisk/source.ts';
import { type CdrSyncOptions, type CdrSyncResult, syncAsterisk } from '../../../src/dialers/asterisk/sync.ts';
import type { Target } from '../../../src/dialers/target.ts';
import type { Mapping } from '../../../src/mapping/language/mapping.ts';
import { name, sql } from '../../../src/sql.ts';
import { localKey, openSite, openTestStore, type Site } from '../../http/app.ts';
import { type MariaDb, mariadbMissing, startMariaDb } from '../mariadb.ts';
import {
  clockOf,
  type Leg,
  makeLegs,
  makeTangle,
  type PlainCall,
  toCdrSchema,
  toMasterCsv,
  toPlainCalls,
  writeLegs,
  writtenAt,
} from './pbx.ts';

vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

const missing = mariadbMissing();
const zone = 'America/New_York';
const hour = 3600;
const now = Math.floor(Date.now() / 1000);
const lately = { from: now - 75 * hour, to: now - 5 * hour };
// In this night the clock of New York shows the hour after one twice.
const autumn = { from: Date.parse('2024-11-02T12:00:00Z') / 1000, to: Date.parse('2024-11-04T12:00:00Z') / 1000 };
const shipped = JSON.parse(
  readFileSync(new URL('../../../examples/mappings/asterisk-cdr-csv.json', import.meta.url), 'utf8'),
) as Mapping;

describe.skipIf(missing)(`Asterisk's call records in MariaDB${missing ? `: ${missing}` : ''}`, () => {
  let db: MariaDb;
  let site: Site;
  let url = '';
  let held: Awaited<ReturnType<typeof openTestStore>>;
  let tenant = 100;
  let database = '';
  let imports = 0;

  beforeAll(async () => {
    db = await startMariaDb();
    held = await openTestStore();
    site = await openSite(held.store, held.directory);
    await site.app.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${(site.app.server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await site?.app.close();
    await held?.close();
    await db?.close();
  });
  beforeEach(() => {
    tenant++;
    database = `cdr${tenant}`;
  });

  const make = async (options?: Parameters<typeof toCdrSchema>[1]) => {
    await nameCampaigns(tenant);
    await db.root.query(toCdrSchema(database, options));
    await grant(`GRANT SELECT ON ${database}.* TO 'reader${tenant}'@'%'`);
  };
  const grant = (grants: string) =>
    db.root.query(`CREATE OR REPLACE USER 'reader${tenant}'@'%' IDENTIFIED BY 'PASSWORD'; ${grants}`);
  const open = (password = 'PASSWORD') =>
    openAsterisk(`mysql://reader${tenant}@127.0.0.1:${db.port}/${database}`, password);
  const targetOf = (token?: string) => {
    const where = token === undefined ? ('here' as const) : ('elsewhere' as const);
    const door = { url, token: token ?? localKey, where, dataDir: held.directory, close: async () => {} };
    return openTarget(door, tenant, `asterisk ${database}`);
  };
  const sync = async (options: Partial<CdrSyncOptions> = {}, target: Target = targetOf()): Promise<CdrSyncResult> => {
    const source = await open();
    try {
      const plain = { mapping: shipped, zone, rereadDays: 7, again: false, rowsAtOnce: 100_000 };
      return await syncAsterisk(source, target, { ...plain, ...options });
    } finally {
      await source.close();
    }
  };
  const headers = (of: number) => ({ authorization: `Bearer ${localKey}`, 'dialtally-tenant': String(of) });
  const namesOf = async (of: number): Promise<Map<number, string>> => {
    const found = await site.get('/api/telesales/ids?kind=campaign&limit=10000', localKey, headers(of));
    return new Map(found.json().data.map(({ name, id }: { name: string; id: number }) => [id, name]));
  };
  /** The calls that count, as the store has them. */
  const callsOf = async (of = tenant): Promise<PlainCall[]> => {
    const names = await namesOf(of);
    const found = await held.store.query<{
      id: string;
      start: number;
      campaign: number;
      outcome: string;
      talk: number;
    }>(
      sql`SELECT call_id AS id, toUnixTimestamp(started_at) AS start, campaign_id AS campaign, outcome, talk_sec AS talk
        FROM calls FINAL WHERE tenant_id = {of:UInt64}`.bind({ of }),
    );
    return sorted(found.map((call) => ({ ...call, campaign: names.get(Number(call.campaign)) ?? '?' })));
  };
  const sorted = (calls: readonly PlainCall[]) => calls.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const expectCalls = async (legs: readonly Leg[]) => expect(await callsOf()).toEqual(sorted(toPlainCalls(legs)));
  /** Gives the campaigns the same ids in every tenant. */
  const nameCampaigns = (of: number) =>
    site.app.inject({
      method: 'POST',
      url: '/api/telesales/ids',
      headers: headers(of),
      payload: { kind: 'campaign', names: ['TELE', 'RENEW', 'tele 2'] },
    });
  /** Takes the same legs in as Asterisk's CSV, as another tenant. */
  const importCsv = async (csv: string, mapping: Mapping = { ...shipped, timezone: zone }): Promise<number> => {
    const of = 10_000 + ++imports;
    // What decides between parts that are alike is their ids in the end.
    await nameCampaigns(of);
    const sent = await site.app.inject({
      method: 'POST',
      url: '/api/telesales/ingest/mapped?file=Master.csv',
      headers: { ...headers(of), 'content-type': 'application/octet-stream' },
      payload: `${JSON.stringify(mapping)}\n${csv}`,
    });
    expect(sent.statusCode, sent.body).toBe(200);
    return of;
  };
  const reportsOf = async (of: number, days: { from: number; to: number }) => {
    const day = (at: number) => new Date(at * 1000).toISOString().slice(0, 10);
    const asked = { date_from: day(days.from - 86_400), date_to: day(days.to + 86_400), timezone: zone };
    const answers: Record<string, unknown> = {};
    for (const report of [
      'dashboard',
      'time-series',
      'hour-dow-heatmap',
      'disposition-breakdown',
      'caller-id-health',
    ]) {
      const found = await site.get(
        `/api/telesales/reports/${report}?${new URLSearchParams(asked)}`,
        localKey,
        headers(of),
      );
      expect(found.statusCode, found.body).toBe(200);
      answers[report] = found.json().data;
    }
    return answers;
  };

  test.each([
    { what: 'lately', span: lately, options: {} },
    { what: 'over a night that has an hour twice', span: autumn, options: { engine: 'MyISAM' } },
    { what: 'in a table of latin1, in pieces', span: lately, options: { charset: 'latin1' }, rowsAtOnce: 37 },
  ])('a table is what the same rows are as a CSV, and as a plain computation has them: $what', async (story) => {
    const legs = makeLegs({ ...story.span, calls: 330 });
    await make(story.options);
    await writeLegs(db.root, legs, { zone });
    const { tally, counted } = await sync({ rowsAtOnce: story.rowsAtOnce ?? 100_000 });
    // A time that the clock shows twice says only half, so that talk at one time may seem to be at two; a CSV has no more.
    if (story.span === lately) await expectCalls(legs);
    else {
      const withoutTalk = (calls: readonly PlainCall[]) => calls.map(({ talk: _, ...call }) => call);
      expect(withoutTalk(await callsOf())).toEqual(withoutTalk(sorted(toPlainCalls(legs))));
    }
    expect(tally).toMatchObject({ read: legs.length, written: legs.length, unchanged: 0, earlier: 0, replaced: 0 });
    const calls = tally.ingested.get('calls')!;
    const skipped = [...tally.skipped.values()].reduce((all, rows) => all + rows, 0);
    expect(calls.taken_in + calls.refused + skipped + tally.merged).toBe(legs.length);
    expect(calls).toMatchObject({ refused: 0, taken_in: toPlainCalls(legs).length });
    expect(new Map(counted.map(({ disposition, rows }) => [disposition, rows]))).toEqual(tally.dispositions);
    const other = await importCsv(toMasterCsv(legs, { zone }));
    expect(await callsOf(other)).toEqual(await callsOf());
    expect(await reportsOf(tenant, story.span)).toEqual(await reportsOf(other, story.span));
    // Again: nothing is written where nothing has changed.
    if (story.span === lately) {
      const second = await sync();
      expect(second.tally).toMatchObject({ written: 0, unchanged: legs.length, replaced: 0 });
      expect(second.tally.ingested.size).toBe(0);
    }
  });

  test('synced as its rows come, a call is always what its rows are by then, however late they are', async () => {
    const legs = makeLegs({ ...lately, calls: 250, seed: 11 }).sort((one, other) => writtenAt(one) - writtenAt(other));
    await make();
    const steps = 9;
    let replaced = 0;
    for (let step = 1; step <= steps; step++) {
      const upTo = (part: number) => Math.ceil((legs.length * part) / steps);
      await writeLegs(db.root, legs.slice(upTo(step - 1), upTo(step)), { zone });
      replaced += (await sync({ rowsAtOnce: step % 2 ? 50 : 100_000 })).tally.replaced;
      await expectCalls(legs.slice(0, upTo(step)));
    }
    // First legs that ended after the others did change the id of their call.
    expect(replaced).toBeGreaterThan(2);
  });

  test('however rows are tied, and in whatever order they come, a table is what its rows are as a CSV', async () => {
    await make();
    const legs = makeTangle({ from: now - 70 * hour, groups: 60, seed: 21 });
    const steps = 5;
    let replaced = 0;
    for (let step = 1; step <= steps; step++) {
      const upTo = (part: number) => Math.ceil((legs.length * part) / steps);
      await writeLegs(db.root, legs.slice(upTo(step - 1), upTo(step)), { zone });
      replaced += (await sync({ rowsAtOnce: step % 2 ? 20 : 100_000 })).tally.replaced;
      expect(await callsOf()).toEqual(await callsOf(await importCsv(toMasterCsv(legs.slice(0, upTo(step)), { zone }))));
    }
    expect(replaced).toBeGreaterThan(8);
  });

  test('what a file of the same calls brought before the first sync counts once, also where it had a part of a call', async () => {
    const legs = makeLegs({ ...lately, calls: 50, seed: 12 });
    await make();
    await writeLegs(db.root, legs, { zone });
    const part = legs.filter((_, index) => index % 3 !== 0);
    const lines = toMasterCsv(part, { zone }).match(/[^\n]*\n/g) ?? [];
    await targetOf().ingestMapped({ ...shipped, timezone: zone }, lines);
    expect((await sync()).tally.replaced).toBeGreaterThan(0);
    await expectCalls(legs);
  });

  test('many rows that are refused keep no call that became another', async () => {
    const legs = makeLegs({ ...lately, calls: 160, seed: 8 }).sort((one, other) => writtenAt(one) - writtenAt(other));
    const half = Math.floor(legs.length / 2);
    await make();
    await writeLegs(db.root, legs.slice(0, half), { zone });
    await sync();
    await writeLegs(db.root, legs.slice(half), { zone });
    const odd = Array.from({ length: 250 }, (_, index) => {
      const uniqueid = `${lately.from + index}.9${String(index).padStart(5, '0')}`;
      return {
        ...legs[0]!,
        of: uniqueid,
        uniqueid,
        linkedid: uniqueid,
        start: lately.from + index,
        disposition: 'WEIRD',
        dcontext: 'outbound',
        dst: '0912345678',
      };
    });
    await writeLegs(db.root, odd, { zone });
    const { tally } = await sync();
    expect(tally.ingested.get('calls')?.refused).toBe(250);
    expect(tally.replaced).toBeGreaterThan(0);
    await expectCalls(legs);
  });

  test('a column that could be read before and can\u2019t be now stops the sync: calls would become others', async () => {
    const legs = makeLegs({ ...lately, calls: 20 });
    await make();
    await writeLegs(db.root, legs, { zone });
    await sync();
    const without =
      'calldate, uniqueid, disposition, src, dst, dcontext, channel, dstchannel, duration, billsec, accountcode';
    await grant(`GRANT SELECT (${without}) ON ${database}.cdr TO 'reader${tenant}'@'%'`);
    await expect(sync()).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      message: expect.stringContaining(`GRANT SELECT (linkedid) ON ${database}.cdr`),
    });
    await expectCalls(legs);
  });

  test('a connection that is lost leaves nothing behind that a process would wait for', async () => {
    await make();
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const source = await open();
    const [connection] = await source.rows<{ id: number }>('SELECT CONNECTION_ID() AS id');
    const before = timers();
    const asking = expect(source.rows('SELECT SLEEP(30)')).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    await db.root.query(`KILL ${connection!.id}`);
    await asking;
    await source.close();
    expect(timers()).toBeLessThanOrEqual(before);
  });

  test('rows that are corrected are corrected here, also where another campaign or start is the call\u2019s then', async () => {
    const legs = makeLegs({ ...lately, calls: 60 });
    await make();
    await writeLegs(db.root, legs, { zone });
    await sync();
    const first = legs.find(({ disposition, accountcode }) => disposition === 'ANSWERED' && accountcode === 'TELE')!;
    const mended = legs.map((leg) =>
      leg.of === first.of ? { ...leg, accountcode: 'RENEW', billsec: 0, duration: 9, disposition: 'BUSY' } : leg,
    );
    await db.root.query(
      `USE ${database}; UPDATE cdr SET accountcode = 'RENEW', billsec = 0, duration = 9, disposition = 'BUSY' WHERE uniqueid = ?`,
      [first.uniqueid],
    );
    const { tally } = await sync();
    expect(tally.replaced).toBe(1);
    expect(tally.written).toBeLessThan(30);
    expect(tally.unchanged).toBeGreaterThan(30);
    await expectCalls(mended);
  });

  test('stopped anywhere, the next one goes on, and ends as one that never was stopped', async () => {
    const legs = makeLegs({ ...lately, calls: 40, seed: 3 }).sort((one, other) => writtenAt(one) - writtenAt(other));
    const half = Math.floor(legs.length / 2);
    await make();
    await writeLegs(db.root, legs.slice(0, half), { zone });
    await sync();
    await writeLegs(db.root, legs.slice(half), { zone });
    let stops = 0;
    for (;;) {
      stops++;
      const stopping = stoppingAt(targetOf(), stops);
      const ended = await sync({ rowsAtOnce: 15 }, stopping).then(
        () => true,
        (error: Error) => {
          expect(error.message).toBe('stopped');
          return false;
        },
      );
      if (ended) break;
      // The kept state must not hide what the next stop would: every point is tried on the same beginning.
      if (stops % 3 === 0) await db.root.query(`USE ${database}; UPDATE cdr SET userfield = ?`, [`${stops}`]);
    }
    expect(stops).toBeGreaterThan(4);
    await expectCalls(legs);
  });

  test('a killed sync never leaves a call counted twice for longer than until the next one', async () => {
    const legs = makeLegs({ ...lately, calls: 30, seed: 8 }).sort((one, other) => writtenAt(one) - writtenAt(other));
    const half = Math.floor(legs.length / 2);
    for (let stop = 1; ; stop++) {
      tenant++;
      database = `cdr${tenant}`;
      await make();
      await writeLegs(db.root, legs.slice(0, half), { zone });
      await sync();
      await writeLegs(db.root, legs.slice(half), { zone });
      const isStopped = await sync({ rowsAtOnce: 20 }, stoppingAt(targetOf(), stop)).then(
        () => false,
        () => true,
      );
      if (!isStopped) break;
      await sync();
      await expectCalls(legs);
    }
  });

  test('what was done before a kill is not done again', async () => {
    const legs = makeLegs({ from: autumn.from - 30 * 24 * hour, to: autumn.to - 30 * 24 * hour, calls: 120 });
    await make();
    await writeLegs(db.root, legs, { zone });
    await expect(sync({ rowsAtOnce: 20 }, stoppingAt(targetOf(), 37))).rejects.toThrow('stopped');
    const { tally } = await sync();
    expect(tally.written).toBeLessThan(legs.length - 60);
    await expectCalls(legs);
  });

  test('two syncs of one source at the same time: one is told', async () => {
    const legs = makeLegs({ ...lately, calls: 30 });
    await make();
    await writeLegs(db.root, legs, { zone });
    const told = await Promise.allSettled([sync(), sync()]);
    const refused = told.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused.map(({ reason }) => reason.code)).toEqual(['SYNC_CONFLICT']);
    await sync();
    await expectCalls(legs);
  });

  test('told to stop, it keeps what is done, and the next one goes on there', async () => {
    const legs = makeLegs({ from: autumn.from - 30 * 24 * hour, to: autumn.to - 30 * 24 * hour, calls: 120 });
    await make();
    await writeLegs(db.root, legs, { zone });
    const stopping = new AbortController();
    let hours = 0;
    const onProgress = () => {
      if (++hours === 5) stopping.abort();
    };
    const first = await sync({ signal: stopping.signal, onProgress });
    expect(first.caughtUpAt).toBeNull();
    expect((await callsOf()).length).toBeGreaterThan(0);
    const second = await sync();
    expect(second.caughtUpAt).not.toBeNull();
    expect(second.tally.written).toBe(legs.length - first.tally.written);
    await expectCalls(legs);
  });

  test('from elsewhere with a token, and --since', async () => {
    const legs = makeLegs({ ...lately, calls: 80 });
    await make();
    await writeLegs(db.root, legs, { zone });
    // In the middle of a call: its second leg begins then.
    const since = legs.find(
      ({ of, start }, n) => legs[n - 1]?.of === of && Math.floor(start / hour) > Math.floor(legs[n - 1]!.start / hour),
    )!.start;
    const token = await site.token('ingest', { tenant });
    const { tally } = await sync({ since: clockOf(zone)(since) }, targetOf(token));
    const begin = Math.floor(since / hour) * hour;
    const begun = new Map<string, number>();
    for (const { of, start } of legs) begun.set(of, Math.min(start, begun.get(of) ?? start));
    const isAgents = ({ linkedid }: Leg) => legs.some((leg) => leg.uniqueid === linkedid && leg.of.startsWith('agent'));
    const plain = legs.filter((leg) => !isAgents(leg));
    const found = new Set((await callsOf()).map(({ id }) => id));
    for (const { id } of toPlainCalls(plain.filter(({ of }) => begun.get(of)! >= begin))) expect(found).toContain(id);
    for (const { id } of toPlainCalls(plain.filter(({ of }) => begun.get(of)! < begin)))
      expect(found).not.toContain(id);
    expect(tally.read).toBe(tally.written + tally.earlier);
    expect(tally.earlier).toBeGreaterThan(0);
  });

  test('a table of long ago, without linkedid, is what its CSV of 18 columns is; what is lost is said', async () => {
    const legs = makeLegs({ ...lately, calls: 110 });
    await make({ layout: 'old', charset: 'latin1', engine: 'MyISAM' });
    await writeLegs(db.root, legs, { zone, layout: 'old' });
    const { notes } = await sync();
    expect(notes).toEqual([expect.stringMatching(/^cdr\.linkedid can't be read: only rows with one unique id/)]);
    const other = await importCsv(toMasterCsv(legs, { zone, layout: 'old' }));
    expect(await callsOf()).toEqual(await callsOf(other));
  });

  test('a table that has the times itself is read by them', async () => {
    const legs = makeLegs({ ...lately, calls: 110 });
    await make({ layout: 'timed' });
    await writeLegs(db.root, legs, { zone, layout: 'timed' });
    await sync();
    await expectCalls(legs);
  });

  test('texts are what was written, whatever the charset of the column; rows of one second are read once each', async () => {
    await make({ charset: 'latin1' });
    const start = now - 10 * hour;
    const legs = Array.from({ length: 12_000 }, (_, n) => ({
      ...makeLegs({ from: start, to: start + 1, calls: 1 })[2]!,
      of: `n${n}`,
      uniqueid: `${start}.${n + 10}`,
      linkedid: `${start}.${n + 10}`,
      dst: `0900${String(100_000 + n)}`,
      accountcode: 'Đà Nẵng',
    }));
    // As Asterisk does it: bytes of UTF-8 over a connection that says latin1.
    await db.root.query(`USE ${database}; ALTER TABLE cdr MODIFY accountcode VARBINARY(40)`);
    await writeLegs(db.root, legs, { zone });
    await db.root.query('ALTER TABLE cdr MODIFY accountcode VARCHAR(40) CHARACTER SET latin1');
    const { tally } = await sync();
    expect(tally).toMatchObject({ read: legs.length, written: legs.length });
    await expectCalls(legs);
  });

  test('a mapping of one\u2019s own decides, also about agents; a refused row is told by the id of its call', async () => {
    const legs = makeLegs({ ...lately, calls: 44 });
    await make();
    await writeLegs(
      db.root,
      [...legs, { ...legs[5]!, uniqueid: `${legs[5]!.start}.999`, linkedid: 'x', disposition: 'WHAT' }],
      {
        zone,
      },
    );
    const mapping: Mapping = {
      ...shipped,
      timezone: zone,
      file: { format: 'csv' },
      columns: { ...shipped.columns, agent_id: { from: 'src', as: 'name' }, started_at: 'calldate' },
    };
    const result = await sync({ mapping });
    const calls = result.tally.ingested.get('calls')!;
    expect(calls.refused).toBe(1);
    expect(calls.first).toEqual([
      `call ${legs[5]!.start}.999: disposition, billsec (outcome): none of the mapping’s cases holds`,
    ]);
    expect(toCdrReport(result, undefined)).toContain(calls.first[0]);
    expect((await callsOf()).length).toBe(toPlainCalls(legs).length);
  });

  test('the zone is asked for, and asked about when no row fits it', async () => {
    const legs = makeLegs({ ...lately, calls: 20 });
    await make();
    await writeLegs(db.root, legs, { zone });
    await expect(sync({ zone: undefined })).rejects.toMatchObject({
      code: 'BAD_OPTIONS',
      message: expect.stringContaining('--source-timezone'),
    });
    await expect(sync({ zone: 'Asia/Tokyo' })).rejects.toMatchObject({ code: 'SOURCE_ZONE_WRONG' });
    expect(await callsOf()).toEqual([]);
  });

  test('what can\u2019t be read is said with the grant that helps, before anything is written', async () => {
    await make();
    const without =
      'calldate, uniqueid, disposition, src, dst, dcontext, channel, dstchannel, duration, accountcode, linkedid';
    await grant(`GRANT SELECT (${without}) ON ${database}.cdr TO 'reader${tenant}'@'%'`);
    await expect(sync()).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      message: expect.stringMatching(
        new RegExp(`cdr \\(billsec\\)[^]*GRANT SELECT \\(billsec\\) ON ${database}\\.cdr TO 'reader${tenant}'@'%';`),
      ),
    });
    // What the page of Asterisk says is enough.
    const docs = readFileSync(new URL('../../../docs/asterisk.md', import.meta.url), 'utf8');
    const [, grants = ''] = /```sql\n[^`]*?(GRANT [^`]*?)```/.exec(docs) ?? [];
    await grant(grants.replaceAll("'dialtally'@", `'reader${tenant}'@`).replaceAll('asteriskcdrdb.', `${database}.`));
    await writeLegs(db.root, makeLegs({ ...lately, calls: 11 }), { zone });
    expect((await sync()).notes).toEqual([]);
    await expect(open('wrong')).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE', status: 422 });
    await db.root.query(`USE ${database}; DROP TABLE cdr`);
    await expect(sync()).rejects.toThrow(/may not read cdr in .* or it is not there/);
  });

  test('no number of a customer gets anywhere', async () => {
    const legs = makeLegs({ ...lately, calls: 33 });
    await make();
    await writeLegs(db.root, legs, { zone });
    await sync();
    const numbers = legs.map(({ dst }) => dst).filter((dst) => dst.startsWith('09'));
    for (const table of ['calls', 'refused_rows', 'sync_states', 'names']) {
      const rows = await held.store.query<{ row: string }>(sql`SELECT toString(tuple(*)) AS row FROM ${name(table)}`);
      const text = rows.map(({ row }) => row).join('\n');
      expect(numbers.filter((number) => text.includes(number))).toEqual([]);
    }
  });
});

/** A target whose process is gone at the so-manieth thing that is asked of it: before it is done, or right after. */
function stoppingAt(target: Target, count: number): Target {
  let asked = 0;
  const stopping =
    <Args extends unknown[], Result>(ask: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      asked++;
      const isLast = asked === Math.ceil(count / 2);
      if (isLast && count % 2 === 1) throw new Error('stopped');
      const result = await ask(...args);
      if (isLast) throw new Error('stopped');
      return result;
    };
  return {
    ...target,
    ingestMapped: stopping(target.ingestMapped),
    findCalls: stopping(target.findCalls),
    refusedLines: stopping(target.refusedLines),
    dropCalls: stopping(target.dropCalls),
    saveState: stopping(target.saveState),
  };
}
