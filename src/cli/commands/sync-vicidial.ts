/** `dialtally sync vicidial`: its options, and one run of it. */
import { type Command, Option } from 'commander';
import { openVicidial } from '../../dialers/vicidial/database/source.ts';
import { syncOnce } from '../../dialers/vicidial/database/sync.ts';
import type { Credit } from '../../dialers/vicidial/transfers.ts';
import { withDoor, withExamples, withTenant } from '../command.ts';
import { toBriefReport, toSyncReport } from '../show/vicidial-report.ts';
import { ingestExports } from '../sync/export-files.ts';
import { readStatusMapping } from '../sync/options.ts';
import { batchOption, type RunOptions, readSource, runSyncs, syncThrough, tellSync, withSource } from '../sync/runs.ts';
import { withFiles } from '../sync/target.ts';

interface VicidialOptions extends RunOptions {
  archive?: boolean;
  credit: Credit;
  export?: string[];
  map?: string[];
  mapFile?: string;
}

/** `dialtally sync vicidial`: brings in what is new at its source, once or for ever. */
export function addSyncVicidial(sync: Command): void {
  const command = sync
    .command('vicidial')
    .usage('--source mysql://USER@HOST/asterisk --tenant N [options]')
    .description(
      'Reads a VICIdial\u2019s database (an account that may only read is enough): calls, leads, campaigns, users, statuses. ' +
        'The numbers of customers are not read. It goes on where it stopped, and ends with a reconciliation.',
    );
  withSource(command, { dialer: 'VICIdial', example: 'asterisk' })
    .option('--export <file...>', 'take in call export files instead of reading the database; needs --source-timezone')
    .option('--encoding <name>', 'the encoding of export files when it is not UTF-8: latin1 is what MySQL calls so')
    .addOption(
      new Option('--credit <whom>', 'whose a transferred call is: the agent who dialed, or who closed it')
        .choices(['dialer', 'closer'])
        .default('dialer'),
    )
    .addOption(batchOption())
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
    .action((options: VicidialOptions) => run(options));
  withDoor(withTenant(command));
  withExamples(
    command,
    'sync vicidial --source mysql://dialtally@db.example.com/asterisk --password-file /etc/dialtally/vicidial --tenant 1',
    'sync vicidial --tenant 1 --every 60s --source-timezone America/New_York',
    'sync vicidial --export calls.txt --source-timezone Asia/Ho_Chi_Minh --tenant 1',
    'sync vicidial --tenant 1 --archive --since 2026-01-01 --map PDROP=abandoned',
  );
}

async function run(options: VicidialOptions): Promise<void> {
  if (options.export) return ingestExports(options.export, options);
  const { address, password } = await readSource(options, { example: 'asterisk' });
  const mapped = await readStatusMapping(options);
  await runSyncs(options, async (given) => {
    const open = () => openVicidial(address, password);
    const result = await syncThrough(open, { dialer: 'vicidial', options }, (source, { door, target, onProgress }) =>
      withFiles(door, (directory) =>
        syncOnce(source, target, {
          ...mapped,
          ...given,
          zone: options.sourceTimezone,
          since: options.since,
          rereadDays: options.rereadDays,
          rowsAtOnce: options.batch,
          archive: options.archive ?? false,
          credit: options.credit,
          directory,
          onProgress,
        }),
      ),
    );
    const { ingested } = result.tally;
    const toReport = () => toSyncReport(result, options.url);
    tellSync({ ingested, toReport, toBrief: () => toBriefReport(result) }, options);
  });
}
