import { setTimeout as wait } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { openVicidial, type VicidialDatabase } from '../../dialers/vicidial/source.ts';
import { assertKnownZone, type SyncOptions, type SyncResult, syncOnce } from '../../dialers/vicidial/sync.ts';
import type { Credit } from '../../dialers/vicidial/transfers.ts';
import { BadOptions, DialtallyError, InvalidParams } from '../../errors.ts';
import { readWholeNumber, withDoor, withExamples, withTenant } from '../command.ts';
import { takeInExports } from '../files/sync-export.ts';
import { openTarget, withFiles } from '../files/sync-target.ts';
import { type DoorOptions, tenantAt, through, toConfig } from '../server/door.ts';
import { toLines } from '../show/faults.ts';
import { print, printError } from '../show/print.ts';
import { openProgress } from '../show/progress.ts';
import { toBriefReport, toSyncReport } from '../show/sync-report.ts';
import { readPassword, readSince, readSpan, readStatusMapping } from './sync-options.ts';

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
  credit: Credit;
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
    .option('--encoding <name>', 'the encoding of export files when it is not UTF-8: latin1 is what MySQL calls so')
    .addOption(
      new Option('--credit <whom>', 'whose a transferred call is: the agent who dialed, or who closed it')
        .choices(['dialer', 'closer'])
        .default('dialer'),
    )
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
  if (!address) throw new BadOptions('Name the database: --source mysql://user@host/asterisk, or SYNC_SOURCE.');
  // What can be known before is said before anybody is connected to.
  if (options.sourceTimezone !== undefined) assertKnownZone(options.sourceTimezone);
  if (options.tenant === undefined && options.url === undefined)
    throw new InvalidParams([{ id: 'no_tenant', field: 'tenant' }]);
  const password = options.passwordFile === undefined ? undefined : await readPassword(options.passwordFile);
  const mapped = await readStatusMapping(options);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // What was begun is finished; told twice, it ends at once, and nothing is lost either.
      if (stopping.signal.aborted) process.exit(130);
      stopping.abort();
    });
  }
  let isAgain = options.again ?? false;
  let hasSynced = false;
  for (;;) {
    try {
      const open = () => openVicidial(address, password);
      const result = await syncThrough(open, options, { ...mapped, again: isAgain, signal: stopping.signal });
      isAgain = false;
      hasSynced = true;
      tell(result, options);
    } catch (error) {
      if (options.every === undefined || !(hasSynced || mayPass(error))) throw error;
      for (const line of toLines(error)) printError(`${new Date().toISOString()}  ${line}\n`);
    }
    if (options.every === undefined || stopping.signal.aborted) return;
    await wait(options.every, undefined, { signal: stopping.signal }).catch(() => {});
    if (stopping.signal.aborted) return;
  }
}

type Given = Pick<SyncOptions, 'overrides' | 'campaigns' | 'again' | 'signal'>;

/** One sync, with connections of its own: between two syncs neither the database nor the data directory is held. */
async function syncThrough(open: () => Promise<VicidialDatabase>, options: Options, given: Given): Promise<SyncResult> {
  const source = await open();
  const progress = openProgress();
  try {
    return await through(options, async (door) => {
      const tenant = await tenantAt(door, options.tenant);
      const target = openTarget(door, tenant, `vicidial ${options.name ?? source.name}`);
      return withFiles(door, (directory) =>
        syncOnce(source, target, {
          ...given,
          zone: options.sourceTimezone,
          since: options.since,
          rereadDays: options.rereadDays,
          rowsAtOnce: options.batch,
          archive: options.archive ?? false,
          credit: options.credit,
          directory,
          onProgress: (text) => progress.show(text),
        }),
      );
    });
  } finally {
    progress.clear();
    await source.close();
  }
}

function tell(result: SyncResult, { every, url }: Options): void {
  const report = every === undefined ? toSyncReport(result, url) : toBriefReport(result);
  print(`${report}\n`);
  const isRefused = [...result.tally.taken.values()].some(({ refused }) => refused > 0);
  process.exitCode = isRefused && every === undefined ? 2 : 0;
}

/** Whether trying again may help although it never worked: the source or the server may be back then. */
function mayPass(error: unknown): boolean {
  if (error instanceof DialtallyError) return error.status >= 500 || error.status === 429;
  return (error as { syscall?: string }).syscall !== undefined;
}
