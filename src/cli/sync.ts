import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DialtallyError, InvalidParams } from '../errors.ts';
import { takeInExport } from '../ingest/vicidial/export-file.ts';
import { isZone } from '../ingest/vicidial/local-time.ts';
import { type Overrides, toOverrideKey } from '../ingest/vicidial/outcome.ts';
import { openSource, type Source } from '../ingest/vicidial/source.ts';
import { type SyncOptions, type SyncResult, syncOnce } from '../ingest/vicidial/sync.ts';
import { outcomes } from '../store/tables.ts';
import { readWholeNumber, through, withDoor, withExamples, withTenant } from './command.ts';
import { type DoorOptions, tenantAt, toConfig } from './door.ts';
import { toLines } from './faults.ts';
import { openProgress } from './progress.ts';
import { toBriefReport, toExportReport, toSyncReport } from './sync-report.ts';
import { openTarget } from './sync-target.ts';

interface Options extends DoorOptions {
  tenant?: number;
  source?: string;
  passwordFile?: string;
  name?: string;
  sourceTimezone?: string;
  since?: string;
  every?: number;
  rereadDays: number;
  batch: number;
  archive?: boolean;
  again?: boolean;
  export?: string[];
  map?: string[];
  mapFile?: string;
}

/** `dialtally sync vicidial`: brings in what is new at its source, once or for ever. */
export function addSync(program: Command): void {
  const sync = program
    .command('sync')
    .summary('bring in what is new in a dialer\u2019s database')
    .description('Reads the database of a dialer and takes in what is new or has changed, once or as a service.');
  const command = sync
    .command('vicidial')
    .usage('--source mysql://USER@HOST/asterisk --tenant N [options]')
    .description(
      'Reads a VICIdial\u2019s database (an account that may only read is enough): calls, leads, campaigns, users, statuses. ' +
        'The numbers of customers are not read. It goes on where it stopped, and ends with a reconciliation.',
    )
    .option('--source <url>', 'mysql://user:password@host:3306/asterisk (default: SYNC_SOURCE)')
    .option('--password-file <file>', 'the password alone; it does not belong on a command line')
    .option('--name <name>', 'what the sync is remembered by (default: the source\u2019s host, port and database)')
    .option('--source-timezone <zone>', 'the zone of VICIdial\u2019s clocks, when its database does not tell')
    .option('--every <span>', 'go on for ever, with that long between two syncs: 60s, 5m, 1h', readSpan)
    .option(
      '--since <date>',
      'the first sync begins there, in VICIdial\u2019s wall clock (default: with the first call)',
      readSince,
    )
    .addOption(
      new Option('--reread-days <n>', 'how many days are read again by every sync')
        .argParser(readWholeNumber)
        .default(7),
    )
    .option('--export <file...>', 'take in call export files instead of reading the database; needs --source-timezone')
    .addOption(
      new Option('--batch <rows>', 'after how many rows they are taken in').argParser(readWholeNumber).default(100_000),
    )
    .option('--archive', 'read the archive tables, too')
    .option('--again', 'forget what was taken in before, and read everything again')
    .option(
      '--map <status=outcome>',
      'what a status means, whatever its flags say: PDROP=abandoned, or for one campaign TELE/PM=machine; may be repeated',
      (text: string, all: string[] = []) => [...all, text],
    )
    .option(
      '--map-file <file>',
      'the same as JSON, with "statuses", and "campaigns" for the columns that VICIdial lacks',
    )
    .action((options: Options) => run(options));
  withDoor(withTenant(command));
  withExamples(
    command,
    'sync vicidial --source mysql://dialtally@db.example.com/asterisk --password-file /etc/dialtally/vicidial --tenant 1',
    'sync vicidial --tenant 1 --every 60s --source-timezone America/New_York',
    'sync vicidial --export calls.txt --source-timezone Asia/Ho_Chi_Minh --tenant 1',
    'sync vicidial --tenant 1 --archive --since 2026-01-01 --map PDROP=abandoned',
  );
}

async function run(options: Options): Promise<void> {
  if (options.export) return takeInExports(options.export, options);
  const address = options.source ?? toConfig(options).syncSource;
  if (!address)
    throw new InvalidParams({ source: ['Name the database: --source mysql://user@host/asterisk, or SYNC_SOURCE.'] });
  const password = options.passwordFile === undefined ? undefined : await readPassword(options.passwordFile);
  const mapped = await readMapping(options);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // What was begun is finished; told twice, it ends at once, and nothing is lost either.
      if (stopping.signal.aborted) process.exit(130);
      stopping.abort();
    });
  }
  let isAgain = options.again ?? false;
  for (;;) {
    try {
      const open = () => openSource(address, password);
      const result = await syncThrough(open, options, { ...mapped, again: isAgain, signal: stopping.signal });
      isAgain = false;
      tell(result, options);
    } catch (error) {
      if (options.every === undefined || !mayPass(error)) throw error;
      for (const line of toLines(error)) process.stderr.write(`${new Date().toISOString()}  ${line}\n`);
    }
    if (options.every === undefined || stopping.signal.aborted) return;
    await wait(options.every, undefined, { signal: stopping.signal }).catch(() => {});
    if (stopping.signal.aborted) return;
  }
}

async function takeInExports(paths: readonly string[], options: Options): Promise<void> {
  const { sourceTimezone: zone, source, every } = options;
  if (source !== undefined || every !== undefined)
    throw new InvalidParams({ export: ['--export reads files: leave --source and --every out.'] });
  if (!zone || !isZone(zone)) {
    throw new InvalidParams({
      source_timezone: ['An export has wall clocks alone. Name their zone: --source-timezone America/New_York'],
    });
  }
  for (const path of paths) await access(path);
  const { overrides } = await readMapping(options);
  const directory = await mkdtemp(join(tmpdir(), 'dialtally-export-'));
  const progress = openProgress();
  try {
    await through(options, async (door) => {
      const target = openTarget(door, await tenantAt(door, options.tenant), 'vicidial export');
      for (const path of paths) {
        const onProgress = (text: string) => progress.show(`${basename(path)}  ${text}`);
        const result = await takeInExport(target, { path, zone, overrides, directory, onProgress });
        progress.clear();
        process.stdout.write(`${toExportReport(basename(path), result, options.url)}\n`);
        if ([...result.tally.taken.values()].some(({ refused }) => refused > 0)) process.exitCode = 2;
      }
    });
  } finally {
    progress.clear();
    await rm(directory, { recursive: true, force: true });
  }
}

type Given = Pick<SyncOptions, 'overrides' | 'campaigns' | 'again' | 'signal'>;

/** One sync, with connections of its own: between two syncs neither the database nor the data directory is held. */
async function syncThrough(open: () => Promise<Source>, options: Options, given: Given): Promise<SyncResult> {
  const source = await open();
  const directory = await mkdtemp(join(tmpdir(), 'dialtally-sync-'));
  const progress = openProgress();
  try {
    return await through(options, async (door) => {
      const tenant = await tenantAt(door, options.tenant);
      return syncOnce(source, openTarget(door, tenant, `vicidial ${options.name ?? source.name}`), {
        ...given,
        zone: options.sourceTimezone,
        since: options.since,
        rereadDays: options.rereadDays,
        rowsAtOnce: options.batch,
        archive: options.archive ?? false,
        directory,
        onProgress: (text) => progress.show(text),
      });
    });
  } finally {
    progress.clear();
    await source.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function tell(result: SyncResult, { every, url }: Options): void {
  const report = every === undefined ? toSyncReport(result, url) : toBriefReport(result);
  process.stdout.write(`${report}\n`);
  const isRefused = [...result.tally.taken.values()].some(({ refused }) => refused > 0);
  process.exitCode = isRefused && every === undefined ? 2 : 0;
}

/** Whether trying again later may help: the source or the server may be back then. */
function mayPass(error: unknown): boolean {
  if (error instanceof DialtallyError) return error.status >= 500 || error.status === 429;
  return (error as { syscall?: string }).syscall !== undefined;
}

async function readPassword(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
}

async function readMapping({ map = [], mapFile }: Options): Promise<Pick<SyncOptions, 'overrides' | 'campaigns'>> {
  const file = mapFile === undefined ? {} : readJson(await readFile(mapFile, 'utf8'));
  const overrides = new Map<string, (typeof outcomes)[number]>();
  const pairs = [...Object.entries(file.statuses ?? {}), ...map.map((text) => text.split('=') as [string, string])];
  for (const [name = '', word = ''] of pairs) {
    const outcome = outcomes.find((one) => one === word.trim());
    const [, campaign, code] = /^(?:([^/]+)\/)?([^/]+)$/.exec(name.trim()) ?? [];
    if (!outcome || !code) {
      throw new InvalidParams({
        map: [
          `--map must look like STATUS=OUTCOME or CAMPAIGN/STATUS=OUTCOME; the outcomes are ${outcomes.join(', ')}.`,
        ],
      });
    }
    overrides.set(toOverrideKey(code, campaign), outcome);
  }
  return { overrides: overrides satisfies Overrides, campaigns: file.campaigns ?? {} };
}

interface MapFile {
  statuses?: Record<string, string>;
  campaigns?: Record<string, string | number>;
}

function readJson(text: string): MapFile {
  try {
    const read = JSON.parse(text) as MapFile;
    const isPlain = (value: unknown) => value === undefined || (typeof value === 'object' && value !== null);
    if (isPlain(read) && read !== undefined && isPlain(read.statuses) && isPlain(read.campaigns)) return read;
  } catch {
    // Said below.
  }
  throw new InvalidParams({
    map_file: [
      '--map-file must hold JSON such as {"statuses": {"PDROP": "abandoned"}, "campaigns": {"abandon_basis": "live_answers"}}.',
    ],
  });
}

function readSpan(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,4})([smh])$/.exec(text) ?? [];
  if (!count || !unit) throw new InvalidArgumentError('It must be a number of seconds, minutes or hours, such as 60s.');
  return Number(count) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}

function readSince(text: string): string {
  const [, date, time = '00:00:00'] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2}))?$/.exec(text) ?? [];
  if (!date || Number.isNaN(Date.parse(`${date}T${time}Z`)))
    throw new InvalidArgumentError('It must be a date such as 2026-01-01.');
  return `${date} ${time}`;
}
