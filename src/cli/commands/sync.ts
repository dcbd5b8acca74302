/** The command under which the syncs of all dialers stand, each as a command of its own. */
import type { Command } from 'commander';

/** `dialtally sync`: brings in what is new at a dialer; each dialer has a command of its own below it. */
export function addSync(program: Command): Command {
  return program
    .command('sync')
    .summary('bring in what is new in a dialer\u2019s database')
    .description('Reads the database of a dialer and takes in what is new or has changed, once or as a service.');
}
