/** `dialtally restore`: makes a data directory of a backup, without a server. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { recordRestore } from '../../access/change-log.ts';
import { endSessions } from '../../access/end-sessions.ts';
import { makingPath, restore } from '../../backup/restore.ts';
import { BackupElsewhere, BadOptions, DataDirectoryInUse, DialtallyError } from '../../errors.ts';
import { databaseOf } from '../../store/server.ts';
import { withExamples, withLocalDoor } from '../command.ts';
import { type DoorOptions, toConfig } from '../server/door.ts';
import { findHolder } from '../server/holder.ts';
import { storePath } from '../server/own-server.ts';
import { findServer } from '../server/server-file.ts';
import { toStep, toSummary } from '../show/backup.ts';
import { print } from '../show/print.ts';
import { openProgress } from '../show/progress.ts';

/** `dialtally restore`: makes a data directory of a backup. */
export function addRestore(program: Command): void {
  const command = program
    .command('restore')
    .usage('DIR [options]')
    .summary('make a data directory of a backup')
    .description(
      'Makes a data directory of what "dialtally backup" wrote, and checks that every row is there. No server may hold ' +
        'the data directory, and it may hold no rows: a restore is all or nothing, and replaces nothing.',
    )
    .argument('<dir>', 'the backup')
    .action((directory: string, options: DoorOptions) => restoreInto(directory, options));
  withExamples(withLocalDoor(command), 'restore /backup/dialtally-2026-06-01 --data-dir /var/lib/dialtally');
}

async function restoreInto(directory: string, { url, ...options }: DoorOptions): Promise<void> {
  if (url !== undefined) {
    throw new BadOptions(
      'A restore is done on the machine that the server will run on. Run it there, without --url and --token.',
    );
  }
  const startedAt = Date.now();
  const { dataDir, clickhouseUrl } = toConfig(options);
  if (clickhouseUrl) throw new BackupElsewhere(databaseOf(clickhouseUrl));
  await assertFree(dataDir);
  const progress = openProgress();
  try {
    const manifest = await restore({
      directory: resolve(directory),
      dataDir,
      storePath: storePath(dataDir),
      onMade: async (store, { taken_at, version }) => {
        await endSessions(store, Date.now());
        await recordRestore(store, Date.now(), { taken_at, version });
      },
      onStep: (step, bytes) => progress.show(toStep(step, bytes?.done, bytes?.total)),
    });
    progress.clear();
    print(`Restored ${toSummary(manifest, startedAt)}, as they were at ${manifest.taken_at}: ${dataDir}\n`);
  } finally {
    progress.clear();
  }
}

async function assertFree(dataDir: string): Promise<void> {
  const server = await findServer(dataDir);
  if (server) {
    throw new DialtallyError(
      'ALREADY_SERVED',
      503,
      `A server holds ${dataDir}: ${server.url} (process ${server.pid}). Stop it first, or restore into another directory with --data-dir.`,
    );
  }
  for (const path of [storePath(dataDir), makingPath(storePath(dataDir))]) {
    if (await findHolder(path)) throw new DataDirectoryInUse(dataDir);
  }
}
