import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type MariaDb, mariadbMissing, startMariaDb } from '../dialers/mariadb.ts';
import { fillFloor, insert, makeFloor, phoneOf, users, wallClock } from '../dialers/vicidial/floor.ts';
import { dialtally, emptyDirectory, serve, start } from './command-line.ts';
import { killThrice, readDashboard } from './sync-stories.ts';

vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

const missing = mariadbMissing();
const autumn = { from: Date.parse('2024-11-02T12:00:00Z'), to: Date.parse('2024-11-04T12:00:00Z') };
const window = ['--from', '2024-11-01', '--to', '2024-11-05', '--timezone', 'America/New_York'];

describe.skipIf(missing)(`dialtally sync vicidial${missing ? `: ${missing}` : ''}`, () => {
  let db: MariaDb;
  const floor = makeFloor([{ ...autumn, calls: 4000 }], 3);
  beforeAll(async () => {
    db = await startMariaDb();
    await fillFloor(db.root, 'asterisk', floor);
    await db.root.query(`CREATE USER 'reader'@'%' IDENTIFIED BY 's3cret'; GRANT SELECT ON asterisk.* TO 'reader'@'%'`);
  });
  afterAll(() => db?.close());

  const truth = () => {
    const dials = floor.calls.filter(({ outcome }) => outcome !== 'blocked');
    const answered = dials.filter(({ outcome }) => outcome === 'answered');
    return {
      total_dials: dials.length,
      total_answers: dials.filter(({ outcome }) => outcome === 'answered' || outcome === 'abandoned').length,
      total_talk_time_sec: String(answered.reduce((sum, call) => sum + Number(call.talk_sec), 0)),
    };
  };
  const dashboard = (dataDir: string) => readDashboard(dataDir, window);

  test('a sync that is killed goes on where it was, and ends as one that never was killed', async () => {
    const dataDir = emptyDirectory();
    await serve(dataDir);
    const passwordFile = join(dataDir, 'password');
    writeFileSync(passwordFile, 's3cret\n');
    const args = [
      'sync',
      'vicidial',
      '--source',
      `mysql://reader@127.0.0.1:${db.port}/asterisk`,
      '--password-file',
      passwordFile,
    ];
    args.push('--tenant', '1', '--data-dir', dataDir, '--source-timezone', 'America/New_York', '--batch', '300');
    await killThrice({ args, dataDir, source: `vicidial 127.0.0.1:${db.port}/asterisk` }, 2);
    expect((await dashboard(dataDir)).total_dials).toBeLessThan(truth().total_dials);
    const whole = await dialtally(...args);
    expect(whole).toMatchObject({ code: 0, err: '' });
    expect(whole.out).not.toContain('s3cret');
    expect(whole.out).toMatch(/caught up with .* lag \d+ s/);
    // What was settled before the kills was not read again.
    expect(Number(/ ([\d,]+) rows read/.exec(whole.out)![1]!.replace(',', ''))).toBeLessThan(4000);
    expect(await dashboard(dataDir)).toMatchObject(truth());
  });

  test('a transferred call is the dialing agent\u2019s, or the closer\u2019s when told, and the report says what was joined', async () => {
    await fillFloor(db.root, 'handed', makeFloor([{ ...autumn, calls: 0 }], 3, 1));
    await db.root.query(`GRANT SELECT ON handed.* TO 'reader'@'%'; USE handed`);
    const start = Date.parse('2024-11-03T15:00:00Z') / 1000;
    const row = { lead_id: 1, call_date: wallClock(start * 1000), start_epoch: start, end_epoch: start + 60 };
    const dial = { ...row, uniqueid: 'a.1', campaign_id: 'TELE', status: 'XFER', user: '1001' };
    await insert(db.root, 'vicidial_log', [dial]);
    const leg = { ...row, uniqueid: 'a.1', status: 'SALE', user: 'wang', length_in_sec: 60, queue_seconds: 9 };
    await insert(db.root, 'vicidial_closer_log', [leg, { ...leg, uniqueid: 'b.1', lead_id: 2 }]);
    const source = ['--source', `mysql://reader:s3cret@127.0.0.1:${db.port}/handed`];
    const zone = ['--source-timezone', 'America/New_York'];
    for (const [credit, agent] of [
      [[], '1001'],
      [['--credit', 'closer'], 'wang'],
    ] as const) {
      const dataDir = emptyDirectory();
      const to = ['--tenant', '1', '--data-dir', dataDir];
      const { code, out } = await dialtally('sync', 'vicidial', ...source, ...zone, ...to, ...credit);
      expect(code, out).toBe(0);
      expect(out).toMatch(/in-groups: 1 rows went on with a dial.*\ninbound: 1 calls that customers made, left out\n/);
      const asked = await dialtally('report', 'agent-performance', ...to, ...window, '--format', 'json');
      const name = users.find(({ id }) => id === agent)?.name;
      expect(JSON.parse(asked.out).data).toMatchObject([{ name, dials: 1, conversions: 1, avg_aht_sec: 51 }]);
    }
  });

  test('as a service it brings in what comes, through whatever holds the data directory, and stops when told', async () => {
    const dataDir = emptyDirectory();
    const env = { SYNC_SOURCE: `mysql://reader:s3cret@127.0.0.1:${db.port}/asterisk` };
    const child = start(
      [
        'sync',
        'vicidial',
        '--tenant',
        '1',
        '--data-dir',
        dataDir,
        '--source-timezone',
        'America/New_York',
        '--every',
        '1s',
      ],
      env,
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
    await until(/4000 calls read, 4000 written, .* 0 refused, caught up with .* lag \d+ s\n/);
    const now = Math.floor(Date.now() / 1000) * 1000 - 5000;
    await db.root.query('USE asterisk');
    await insert(db.root, 'vicidial_log', [
      {
        uniqueid: 'new.1',
        status: 'NA',
        user: 'VDAD',
        campaign_id: 'TELE',
        lead_id: 3,
        call_date: wallClock(now),
        start_epoch: now / 1000,
        phone_number: phoneOf(3),
      },
    ]);
    await until(/ 1 written, 1 rows taken in/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(await errors).toBe('');
    expect(said).not.toContain('s3cret');
    await db.root.query(`DELETE FROM vicidial_log WHERE uniqueid = 'new.1'`);
    expect(await dashboard(dataDir)).toMatchObject(truth());
  });

  test('what is missing is said before anything is begun', async () => {
    const dataDir = emptyDirectory();
    const sync = (...args: string[]) => dialtally('sync', 'vicidial', '--tenant', '1', '--data-dir', dataDir, ...args);
    expect(await sync()).toMatchObject({ code: 1, err: expect.stringContaining('SYNC_SOURCE') });
    const bad = await sync('--source', 'postgres://reader:s3cret@127.0.0.1/asterisk');
    expect(bad).toMatchObject({ code: 1, err: expect.stringContaining('--source must look like mysql://') });
    expect(bad.err).not.toContain('s3cret');
    const source = ['--source', `mysql://reader:s3cret@127.0.0.1:${db.port}/asterisk`];
    expect((await sync(...source)).err).toContain('--source-timezone');
    expect((await sync(...source, '--map', 'PDROP=lost')).err).toContain('the outcomes are answered, abandoned');
    expect((await sync(...source, '--every', '1x')).err).toContain('such as 60s');
    // Nobody answers there: what is said was known before anybody was asked.
    const nobody = ['--source', 'mysql://reader:s3cret@127.0.0.1:9/asterisk'];
    expect((await sync(...nobody, '--source-timezone', 'Mars/Phobos')).err).toContain('no time zone "Mars/Phobos"');
    expect((await dialtally('sync', 'vicidial', ...nobody)).err).toContain('--tenant');
    expect((await sync('--source', 'mysql://r@127.0.0.1:9/asterisk?sll=1')).err).toContain('?sll');
    for (const option of ['--password-file', '--map-file'])
      expect((await sync(...nobody, option, '/no/such')).err).toContain('There is no file /no/such');
    const zone = ['--source-timezone', 'UTC'];
    expect((await sync('--export', '/no/such', ...zone)).err).toContain('There is no file /no/such');
    const empty = join(dataDir, 'empty.txt');
    writeFileSync(empty, '');
    expect((await sync('--export', empty, ...zone)).err).toContain('The file is empty');
    writeFileSync(empty, Buffer.from([0x1f, 0x8b, 8, 0]));
    expect((await sync('--export', empty, ...zone)).err).toContain('gzip');
    expect((await sync('--source-timezone', 'America/New_York', '--source', `${source[1]}?ssl=1`)).err).toContain(
      'has no TLS',
    );
  });
});
