/** The command line: all commands, and what is said when one fails. */
import { Command } from 'commander';
import { version } from '../version.ts';
import { addBackup } from './commands/backup.ts';
import { addBehind } from './commands/behind.ts';
import { addCustomer } from './commands/customer.ts';
import { addDemo } from './commands/demo.ts';
import { addIds } from './commands/ids.ts';
import { addImport } from './commands/import.ts';
import { addMapping } from './commands/mapping.ts';
import { addPurge } from './commands/purge.ts';
import { addReport } from './commands/report.ts';
import { addRestore } from './commands/restore.ts';
import { addServe } from './commands/serve.ts';
import { addSettings } from './commands/settings.ts';
import { addSignIn } from './commands/sign-in.ts';
import { addSync } from './commands/sync.ts';
import { addSyncAsterisk } from './commands/sync-asterisk.ts';
import { addSyncVicidial } from './commands/sync-vicidial.ts';
import { addTenant } from './commands/tenant.ts';
import { addToken } from './commands/token.ts';
import { toLines } from './show/faults.ts';
import { printError } from './show/print.ts';
import { toPrintable } from './show/printable.ts';

const program = new Command('dialtally')
  .description('Telesales reporting: call attempts and leads go in, exact reports come out.')
  .version(version)
  .configureHelp({ showGlobalOptions: false })
  // Unknown commands and options: one line, with the suggestion.
  .configureOutput({ outputError: (text, write) => write(`${toPrintable(text.trim().replaceAll('\n', ' '))}\n`) })
  .addHelpText(
    'after',
    `
First steps:
  $ dialtally import ./export --tenant 1
  $ dialtally report dashboard --tenant 1 --from 2026-06-01 --to 2026-06-30
  $ dialtally token create --tenant 1 --role admin
  $ dialtally serve

While a server holds the data directory, every command goes through that server by itself.
"dialtally COMMAND --help" says more about each.`,
  );

addServe(program);
addDemo(program);
addImport(program);
addMapping(program);
addIds(program);
const sync = addSync(program);
addSyncVicidial(sync);
addSyncAsterisk(sync);
addReport(program);
addBehind(program);
addToken(program);
addSignIn(program);
addTenant(program);
addSettings(program);
addPurge(program);
addBackup(program);
addRestore(program);
addCustomer(program);

// A reader that has seen enough ("| head") is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

try {
  await program.parseAsync();
} catch (error) {
  for (const line of toLines(error)) printError(`error: ${line}\n`);
  process.exitCode = 1;
}
