/** `dialtally import`: files of tables, and files that go in by a mapping. */
import type { Command } from 'commander';
import type { ListedTenant } from '../../access/tenants.ts';
import { BadOptions, DialtallyError } from '../../errors.ts';
import { withDoor, withExamples, withTenant } from '../command.ts';
import { chooseFiles, findFiles, type TableFile } from '../files/find-files.ts';
import { readGood } from '../files/mapping-file.ts';
import { sendMappedFile } from '../files/send-mapped-file.ts';
import { sendTableFile } from '../files/send-table-file.ts';
import { type Door, type DoorOptions, tenantAt, through } from '../server/door.ts';
import { askData } from '../server/request.ts';
import { type MappedResult, toMappedReport } from '../show/mapped-reconciliation.ts';
import { print, printError } from '../show/print.ts';
import { openProgress } from '../show/progress.ts';
import { type FileResult, toReport } from '../show/reconciliation.ts';

interface ImportOptions extends DoorOptions {
  tenant?: number;
  table?: string;
  strict?: boolean;
  mapping?: string;
}

/** `dialtally import`: takes files in and says what became of every row. */
export function addImport(program: Command): void {
  const command = program
    .command('import')
    .usage('DIR_OR_FILE... --tenant N [options]')
    .summary('take files in')
    .description(
      "Takes files in: CSV with a header, NDJSON or Parquet. A directory's files are named after their tables " +
        '(campaigns, teams, agents, dispositions, caller_ids, leads, calls), such as calls.csv or leads.ndjson. ' +
        'A row sent again replaces the one before it. Exits with 2 when some rows were refused.',
    )
    .argument('<path...>', 'files, or directories of files')
    .option('--table <name>', 'the table that the files hold, when their names do not say')
    .option('--mapping <file>', 'how another system\u2019s files become rows of a table ("dialtally mapping --help")')
    .option('--strict', 'each file as a whole or not at all; unknown columns are refused too')
    .action((paths: string[], options: ImportOptions) => importPaths(paths, options));
  withDoor(withTenant(command));
  withExamples(
    command,
    'import ./export --tenant 1',
    'import june.csv --table calls --tenant 1 --strict',
    'import Master.csv --mapping asterisk.json --tenant 1',
  );
}

async function importPaths(paths: string[], options: ImportOptions): Promise<void> {
  if (options.mapping !== undefined) return importByMapping(paths, options.mapping, options);
  const { files, ignored } = await chooseFiles(paths, options.table);
  await through(options, async (door) => {
    const tenantId = await tenantAt(door, options.tenant);
    if (ignored.length > 0) printError(`Ignored, since they name no table: ${ignored.join(', ')}\n`);
    const results: FileResult[] = [];
    try {
      for (const file of files) results.push(await sendOne(door, file, tenantId, options.strict ?? false));
    } finally {
      if (results.length > 0) print(`${toReport(results, urlOf(door))}\n`);
    }
    await sayUnnamed(door, tenantId);
    process.exitCode = toExitCode(results);
  });
}

async function importByMapping(paths: string[], mappingPath: string, options: ImportOptions): Promise<void> {
  if (options.table !== undefined) {
    throw new BadOptions('The mapping says which table it is. Leave --table out.');
  }
  const mapping = await readGood(mappingPath);
  if (!mapping) return;
  const files = await findFiles(paths, mappingPath);
  await through(options, async (door) => {
    const tenantId = await tenantAt(door, options.tenant);
    const sending = { tenantId, strict: options.strict ?? false, progress: openProgress() };
    const results: MappedResult[] = [];
    try {
      for (const file of files) {
        const { name } = file;
        results.push({ name, ...(await orUnreadable(() => sendMappedFile(door, file, mapping, sending))) });
      }
    } finally {
      if (results.length > 0) print(`${toMappedReport(results, urlOf(door))}\n`);
    }
    await sayUnnamed(door, tenantId);
    process.exitCode = toExitCode(results);
  });
}

const urlOf = (door: Door) => (door.where === 'elsewhere' ? door.url.replace(/\/+$/, '') : undefined);

async function sendOne(door: Door, file: TableFile, tenantId: number, strict: boolean): Promise<FileResult> {
  const sending = { tenantId, strict, progress: openProgress() };
  return { name: file.name, ...(await orUnreadable(() => sendTableFile(door, file, sending))) };
}

/** What became of a file, or why it could not be read: the other files may still be good. */
async function orUnreadable<Found>(work: () => Promise<Found>): Promise<{ found: Found } | { unreadable: string }> {
  try {
    return { found: await work() };
  } catch (error) {
    if (error instanceof DialtallyError && error.code === 'UNREADABLE_FILE') return { unreadable: error.message };
    throw error;
  }
}

async function sayUnnamed(door: Door, tenantId: number): Promise<void> {
  if (door.where !== 'here' || (await hasName(door, tenantId))) return;
  printError(
    `\nTenant ${tenantId} has no name and time zone yet: dialtally tenant set ${tenantId} --name "Acme" --timezone Asia/Ho_Chi_Minh\n`,
  );
}

async function hasName(door: Door, tenantId: number): Promise<boolean> {
  const tenants = await askData<ListedTenant[]>(door, { path: '/api/operator/tenants' });
  return tenants.some(({ tenant_id, has_row }) => tenant_id === tenantId && has_row);
}

function toExitCode(results: readonly (FileResult | MappedResult)[]): number {
  if (results.some(({ unreadable }) => unreadable !== undefined)) return 1;
  return results.some(({ found }) => found && (found.refused > 0 || found.held_back)) ? 2 : 0;
}
