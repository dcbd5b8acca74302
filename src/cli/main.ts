import { Command } from 'commander';
import { version } from '../version.ts';
import { addBackup } from './backup.ts';
import { addCustomer } from './customer.ts';
import { addDemo } from './demo.ts';
import { toLines } from './faults.ts';
import { addIds } from './ids.ts';
import { addImport } from './import.ts';
import { addMapping } from './mapping.ts';
import { printError } from './output.ts';
import { addPurge } from './purge.ts';
import { addReport } from './report.ts';
import { addRestore } from './restore.ts';
import { addServe } from './serve.ts';
import { addSettings } from './settings.ts';
import { addSync } from './sync.ts';
import { toPrintable } from './table.ts';
import { addTenant } from './tenant.ts';
import { addToken } from './token.ts';

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
addSync(program);
addReport(program);
addToken(program);
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
