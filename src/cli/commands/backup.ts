/** `dialtally backup`: asks the server to write all rows into a directory. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Manifest } from '../../backup/manifest.ts';
import { BadOptions } from '../../errors.ts';
import { withExamples, withLocalDoor } from '../command.ts';
import { type Door, type DoorOptions, through } from '../server/door.ts';
import { askProgress } from '../server/request.ts';
import { toStep, toSummary } from '../show/backup.ts';
import { print } from '../show/print.ts';
import { openProgress } from '../show/progress.ts';

/** `dialtally backup`: writes every row into a directory, while the server runs. */
export function addBackup(program: Command): void {
  const command = program
    .command('backup')
    .usage('DIR [options]')
    .summary('write every row into a directory')
    .description(
      'Writes all tables, tokens and tenants included, into a directory that is not there yet, or empty, while the ' +
        'server goes on. Everything that was acknowledged before is in it. "dialtally restore" makes a data directory of it.',
    )
    .argument('<dir>', 'where the backup goes')
    .action((directory: string, options: DoorOptions) => backup(directory, options));
  withExamples(
    withLocalDoor(command),
    'backup /backup/dialtally-2026-06-01',
    'backup /backup/today --data-dir /var/lib/dialtally',
  );
}

async function backup(directory: string, options: DoorOptions): Promise<void> {
  if (options.url !== undefined) {
    throw new BadOptions('A backup is written on the machine of the server. Run it there, without --url and --token.');
  }
  const startedAt = Date.now();
  const manifest = await through(options, (door) => askBackup(door, resolve(directory)), { mustExist: true });
  print(`Backed up ${toSummary(manifest, startedAt)}: ${resolve(directory)}\n`);
}

async function askBackup(door: Door, directory: string): Promise<Manifest> {
  const progress = openProgress();
  const ask = { method: 'POST' as const, path: '/api/operator/backups', json: { directory } };
  try {
    return await askProgress<Manifest, { step: string; done?: number; total?: number }>(door, ask, {
      onLine: ({ step, done, total }) => progress.show(toStep(step, done, total)),
      stopped: 'The server stopped before the backup was finished. Remove what it left, and back up again.',
    });
  } finally {
    progress.clear();
  }
}
