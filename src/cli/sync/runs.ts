/** What the syncs of all dialers have alike on the command line: options, the source, one run or a service. */
import { setTimeout as wait } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { Target } from '../../dialers/target.ts';
import { assertKnownZone } from '../../dialers/zone.ts';
import { BadOptions, DialtallyError, InvalidParams } from '../../errors.ts';
import { readWholeNumber } from '../command.ts';
import { type Door, type DoorOptions, tenantAt, through, toConfig } from '../server/door.ts';
import { toLines } from '../show/faults.ts';
import { print, printError } from '../show/print.ts';
import { openProgress } from '../show/progress.ts';
import { type Ingested, sumOfTables } from '../show/sync-tally.ts';
import { readPassword, readSince, readSpan } from './options.ts';
import { openTarget } from './target.ts';

/** What every dialer's sync can be told. */
export interface RunOptions extends DoorOptions {
  tenant?: number;
  source?: string;
  passwordFile?: string;
  name?: string;
  sourceTimezone?: string;
  since?: string;
  every?: number;
  rereadDays: number;
  batch: number;
  again?: boolean;
}

/** What one run differs by. */
export interface SyncRun {
  again: boolean;
  signal: AbortSignal;
}

/** Adds the options that say which database of a dialer is read, when, and how much of it. */
export function withSource(command: Command, { dialer, example }: { dialer: string; example: string }): Command {
  return command
    .option('--source <url>', `mysql://user:password@host:3306/${example} (default: SYNC_SOURCE)`)
    .option('--password-file <file>', 'the password alone; it does not belong on a command line')
    .option('--name <name>', 'what the sync is remembered by (default: the source\u2019s host, port and database)')
    .option('--source-timezone <zone>', `the zone of ${dialer}\u2019s clocks, when its database does not tell`)
    .option('--every <span>', 'go on for ever, with that long between two syncs: 60s, 5m, 1h', readSpan)
    .option(
      '--since <date>',
      `the first sync begins there, in ${dialer}\u2019s wall clock (default: with the first call)`,
      readSince,
    )
    .addOption(
      new Option('--reread-days <n>', 'how many days are read again by every sync')
        .argParser(readWholeNumber)
        .default(7),
    );
}

/** The option that says how many rows go in at once. */
export const batchOption = () =>
  new Option('--batch <rows>', 'after how many rows they are taken in').argParser(readWholeNumber).default(100_000);

/** The address and the password of the source. What can be known before anybody is connected to is said before. */
export async function readSource(
  options: RunOptions,
  { example }: { example: string },
): Promise<{ address: string; password: string | undefined }> {
  const address = options.source ?? toConfig(options).syncSource;
  if (!address) throw new BadOptions(`Name the database: --source mysql://user@host/${example}, or SYNC_SOURCE.`);
  if (options.sourceTimezone !== undefined) assertKnownZone(options.sourceTimezone);
  if (options.tenant === undefined && options.url === undefined)
    throw new InvalidParams([{ id: 'no_tenant', field: 'tenant' }]);
  const password = options.passwordFile === undefined ? undefined : await readPassword(options.passwordFile);
  return { address, password };
}

/** Syncs once, or for ever with `--every`: `sync` does it once and tells of it. */
export async function runSyncs(
  { every, again = false }: RunOptions,
  sync: (run: SyncRun) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // What was begun is finished; told twice, it ends at once, and nothing is lost either.
      if (stopping.signal.aborted) process.exit(130);
      stopping.abort();
    });
  }
  let isAgain = again;
  let hasSynced = false;
  for (;;) {
    try {
      await sync({ again: isAgain, signal: stopping.signal });
      isAgain = false;
      hasSynced = true;
    } catch (error) {
      if (every === undefined || !(hasSynced || mayPass(error))) throw error;
      for (const line of toLines(error)) printError(`${new Date().toISOString()}  ${line}\n`);
    }
    if (every === undefined || stopping.signal.aborted) return;
    await wait(every, undefined, { signal: stopping.signal }).catch(() => {});
    if (stopping.signal.aborted) return;
  }
}

/** One sync, with connections of its own: between two syncs neither the database nor the data directory is held. */
export async function syncThrough<Source extends { name: string; close(): Promise<unknown> }, Result>(
  open: () => Promise<Source>,
  { dialer, options }: { dialer: string; options: RunOptions },
  sync: (source: Source, to: { door: Door; target: Target; onProgress: (text: string) => void }) => Promise<Result>,
): Promise<Result> {
  const source = await open();
  const progress = openProgress();
  try {
    return await through(options, async (door) => {
      const target = openTarget(door, await tenantAt(door, options.tenant), `${dialer} ${options.name ?? source.name}`);
      return sync(source, { door, target, onProgress: (text) => progress.show(text) });
    });
  } finally {
    progress.clear();
    await source.close();
  }
}

/** Prints what a sync did: in one line for a log when there will be others. Refused rows are told by the exit code, too. */
export function tellSync(
  { ingested, toReport, toBrief }: { ingested: Ingested; toReport: () => string; toBrief: () => string },
  { every }: RunOptions,
): void {
  print(`${every === undefined ? toReport() : toBrief()}\n`);
  process.exitCode = sumOfTables(ingested, 'refused') > 0 && every === undefined ? 2 : 0;
}

/** Whether trying again may help although it never worked: the source or the server may be back then. */
function mayPass(error: unknown): boolean {
  if (error instanceof DialtallyError) return error.status >= 500 || error.status === 429;
  return (error as { syscall?: string }).syscall !== undefined;
}
