import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Manifest } from '../../backup/manifest.ts';
import { BadOptions } from '../../errors.ts';
import { through, withExamples, withLocalDoor } from '../command.ts';
import type { Door, DoorOptions } from '../server/door.ts';
import { askProgress } from '../server/request.ts';
import { print } from '../show/print.ts';
import { grouped, openProgress } from '../show/progress.ts';

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

/** How far a backup or a restore is: `writing  41 %  120 MB of 291 MB`. */
export function toStep(step: string, done?: number, total?: number): string {
  if (!done || !total) return step;
  return `${step}  ${Math.min(100, Math.floor((done / total) * 100))} %  ${megabytes(done)} of ${megabytes(total)}`;
}

/** What a backup holds, and how long it took: `5,000,000 rows in 12 tables, 291 MB, in 3.2 s`. */
export function toSummary({ tables, bytes }: Manifest, startedAt: number): string {
  const counts = Object.values(tables).map(({ rows }) => rows);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  return `${grouped(rows)} rows in ${counts.length} tables, ${megabytes(bytes)}, in ${seconds} s`;
}

const megabytes = (bytes: number) => `${grouped(Math.ceil(bytes / 1e6))} MB`;
