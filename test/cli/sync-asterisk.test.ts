import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeLegs, toCdrSchema, toPlainCalls, writeLegs } from '../dialers/asterisk/pbx.ts';
import { type MariaDb, mariadbMissing, startMariaDb } from '../dialers/mariadb.ts';
import { dialtally, emptyDirectory, serve, start } from './command-line.ts';
import { killThrice, readDashboard } from './sync-stories.ts';

vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

const missing = mariadbMissing();
const zone = 'America/New_York';
const span = { from: Date.parse('2024-06-03T12:00:00Z') / 1000, to: Date.parse('2024-06-07T12:00:00Z') / 1000 };
const window = ['--from', '2024-06-01', '--to', '2024-06-09', '--timezone', zone];

describe.skipIf(missing)(`dialtally sync asterisk${missing ? `: ${missing}` : ''}`, () => {
  let db: MariaDb;
  const legs = makeLegs({ ...span, calls: 1100 });
  beforeAll(async () => {
    db = await startMariaDb();
    await db.root.query(toCdrSchema('asteriskcdrdb'));
    await writeLegs(db.root, legs, { zone });
    await db.root.query(
      `CREATE USER 'reader'@'%' IDENTIFIED BY 's3cret'; GRANT SELECT ON asteriskcdrdb.* TO 'reader'@'%'`,
    );
  });
  afterAll(() => db?.close());

  const truth = () => {
    const calls = toPlainCalls(legs);
    const answered = calls.filter(({ outcome }) => outcome === 'answered');
    return {
      total_dials: calls.length,
      total_answers: answered.length,
      total_talk_time_sec: String(answered.reduce((sum, { talk }) => sum + talk, 0)),
    };
  };
  const dashboard = (dataDir: string) => readDashboard(dataDir, window);
  const address = () => `mysql://reader:s3cret@127.0.0.1:${db.port}/asteriskcdrdb`;

  test('a sync that is killed goes on where it was, and ends as one that never was killed', async () => {
    const dataDir = emptyDirectory();
    await serve(dataDir);
    const passwordFile = join(dataDir, 'password');
    writeFileSync(passwordFile, 's3cret\n');
    const args = ['sync', 'asterisk', '--source', `mysql://reader@127.0.0.1:${db.port}/asteriskcdrdb`];
    args.push('--password-file', passwordFile, '--tenant', '1', '--data-dir', dataDir);
    args.push('--source-timezone', zone, '--batch', '60');
    await killThrice({ args, dataDir, source: `asterisk 127.0.0.1:${db.port}/asteriskcdrdb` }, 3);
    expect((await dashboard(dataDir)).total_dials).toBeLessThan(truth().total_dials);
    const whole = await dialtally(...args);
    expect(whole).toMatchObject({ code: 0, err: '' });
    expect(whole.out).not.toContain('s3cret');
    expect(whole.out).toMatch(/skipped: \d+ inbound/);
    expect(whole.out).toMatch(/caught up with .* lag \d+ s/);
    expect(whole.out).toContain('Vietnam\u2019s (84)');
    // What was settled before the kills was not written again.
    expect(Number(/ ([\d,]+) written/.exec(whole.out)![1]!.replace(',', ''))).toBeLessThan(legs.length - 100);
    expect(await dashboard(dataDir)).toMatchObject(truth());
  });

  test('as a service it brings in what comes by a mapping of one\u2019s own, and stops when told', async () => {
    const dataDir = emptyDirectory();
    const mapping = join(dataDir, 'own.json');
    const shipped = JSON.parse(
      readFileSync(new URL('../../examples/mappings/asterisk-cdr-csv.json', import.meta.url), 'utf8'),
    );
    writeFileSync(mapping, JSON.stringify({ ...shipped, timezone: zone }));
    const child = start(
      ['sync', 'asterisk', '--tenant', '1', '--data-dir', dataDir, '--mapping', mapping, '--every', '1s'],
      { SYNC_SOURCE: address() },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let said = '';
    child.stdout!.on('data', (part) => {
      said += part;
    });
    const errors = text(child.stderr!);
    const until = async (pattern: RegExp) => {
      while (!pattern.test(said)) await new Promise((resolve) => setTimeout(resolve, 100));
    };
    await until(
      new RegExp(
        `${legs.length} rows read, ${legs.length} written, .* 0 rows refused, caught up with .* lag \\d+ s\\n`,
      ),
    );
    const now = Math.floor(Date.now() / 1000) - 60;
    const [, , late] = makeLegs({ from: now, to: now + 1, calls: 1 });
    await db.root.query('USE asteriskcdrdb');
    await writeLegs(db.root, [late!], { zone });
    await until(/ 1 written, 1 calls taken in/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(await errors).toBe('');
    await db.root.query('DELETE FROM cdr WHERE uniqueid = ?', [late!.uniqueid]);
    expect(await dashboard(dataDir)).toMatchObject(truth());
  });

  test('what is missing is said before anything is begun; refused rows make it exit with 2', async () => {
    const dataDir = emptyDirectory();
    const sync = (...args: string[]) => dialtally('sync', 'asterisk', '--tenant', '1', '--data-dir', dataDir, ...args);
    expect(await sync()).toMatchObject({ code: 1, err: expect.stringContaining('SYNC_SOURCE') });
    expect((await sync('--source', address())).err).toContain('--source-timezone');
    const wrong = await sync('--source', address().replace('s3cret', 'wr0ng'), '--source-timezone', zone);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('docs/asterisk.md has the grants') });
    expect(wrong.err).not.toContain('wr0ng');
    const nobody = ['--source', 'mysql://reader:s3cret@127.0.0.1:9/asteriskcdrdb'];
    expect((await sync(...nobody, '--mapping', '/no/such')).err).toContain('There is no mapping /no/such');
    const mapping = join(dataDir, 'own.json');
    writeFileSync(mapping, JSON.stringify({ table: 'leads', columns: {} }));
    expect(await sync(...nobody, '--mapping', mapping)).toMatchObject({ code: 1 });
    const own = {
      table: 'calls',
      timezone: zone,
      columns: {
        call_id: 'uniqueid',
        campaign_id: { value: '7' },
        started_at: 'calldate',
        outcome: { from: 'disposition', values: { ANSWERED: 'answered' } },
      },
    };
    writeFileSync(mapping, JSON.stringify(own));
    const { code, out } = await sync('--source', address(), '--mapping', mapping);
    expect(code, out).toBe(2);
    expect(out).toMatch(/call \d+\.\d+: disposition \(outcome\)/);
    expect(out).toContain('All refused rows are kept for 30 days');
  });
});
