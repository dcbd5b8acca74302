import type { Command } from 'commander';
import { addSyncAsterisk } from './sync-asterisk.ts';
import { addSyncVicidial } from './sync-vicidial.ts';

/** `dialtally sync`: brings in what is new at a dialer, by a command of each. */
export function addSync(program: Command): void {
  const sync = program
    .command('sync')
    .summary('bring in what is new in a dialer\u2019s database')
    .description('Reads the database of a dialer and takes in what is new or has changed, once or as a service.');
  addSyncVicidial(sync);
  addSyncAsterisk(sync);
}
