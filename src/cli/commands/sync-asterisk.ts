/** `dialtally sync asterisk`: its options, and one run of it. */
import type { Command } from 'commander';
import { readShippedMapping } from '../../dialers/asterisk/mapping.ts';
import { openAsterisk } from '../../dialers/asterisk/source.ts';
import { syncAsterisk } from '../../dialers/asterisk/sync.ts';
import { BadOptions } from '../../errors.ts';
import type { Mapping } from '../../mapping/language/mapping.ts';
import { withDoor, withExamples, withTenant } from '../command.ts';
import { readGood } from '../files/mapping-file.ts';
import { toBriefCdrReport, toCdrReport } from '../show/cdr-report.ts';
import { batchOption, type RunOptions, readSource, runSyncs, syncThrough, tellSync, withSource } from '../sync/runs.ts';

interface AsteriskOptions extends RunOptions {
  mapping?: string;
}

const ofShippedMapping =
  'Numbers that name no country were read as Vietnam\u2019s (84): elsewhere copy examples/mappings/asterisk-cdr-csv.json, mend it, and name it with --mapping.';

/** `dialtally sync asterisk`: brings in the call records that are new in its `cdr` table, once or for ever. */
export function addSyncAsterisk(sync: Command): void {
  const command = sync
    .command('asterisk')
    .usage('--source mysql://USER@HOST/asteriskcdrdb --tenant N [options]')
    .description(
      'Reads the cdr table of an Asterisk in MySQL or MariaDB (an account that may only read is enough). A mapping says what its ' +
        'rows mean, as it does for Asterisk\u2019s CSV. It goes on where it stopped, and ends with a reconciliation.',
    );
  withSource(command, { dialer: 'Asterisk', example: 'asteriskcdrdb' })
    .option('--mapping <file>', 'how rows become calls (default: examples/mappings/asterisk-cdr-csv.json)')
    .addOption(batchOption())
    .option('--again', 'forget what was taken in before, and read everything again')
    .action((options: AsteriskOptions) => run(options));
  withDoor(withTenant(command));
  withExamples(
    command,
    'sync asterisk --source mysql://dialtally@pbx.example.com/asteriskcdrdb --password-file /etc/dialtally/asterisk --source-timezone Asia/Ho_Chi_Minh --tenant 1',
    'sync asterisk --tenant 1 --every 60s --mapping asterisk.json',
    'sync asterisk --tenant 1 --since 2026-01-01 --reread-days 1 --mapping asterisk.json',
  );
}

async function run(options: AsteriskOptions): Promise<void> {
  const { address, password } = await readSource(options, { example: 'asteriskcdrdb' });
  const given: Mapping | undefined =
    options.mapping === undefined ? readShippedMapping() : await readGood(options.mapping);
  if (!given) return;
  if (given.table !== 'calls') throw new BadOptions('--mapping must be one of calls.');
  // The zone of the mapping that is shipped is an example.
  const zone = options.sourceTimezone ?? (options.mapping === undefined ? undefined : given.timezone);
  await runSyncs(options, async (run) => {
    const open = () => openAsterisk(address, password);
    const result = await syncThrough(open, { dialer: 'asterisk', options }, (source, { target, onProgress }) =>
      syncAsterisk(source, target, {
        ...run,
        mapping: given,
        zone,
        since: options.since,
        rereadDays: options.rereadDays,
        rowsAtOnce: options.batch,
        onProgress,
      }),
    );
    const { ingested } = result.tally;
    const notes = options.mapping === undefined ? [...result.notes, ofShippedMapping] : result.notes;
    const toReport = () => toCdrReport({ ...result, notes }, options.url);
    tellSync({ ingested, toReport, toBrief: () => toBriefCdrReport(result) }, options);
  });
}
