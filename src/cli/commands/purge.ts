/** `dialtally purge`: asks whether to remove rows, and says what was removed. */
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { BadOptions } from '../../errors.ts';
import type { Purged } from '../../store/purge.ts';
import { withDoor, withExamples, withTenant } from '../command.ts';
import { type DoorOptions, tenantAt, through } from '../server/door.ts';
import { askData } from '../server/request.ts';
import { print, printError } from '../show/print.ts';

interface PurgeOptions extends DoorOptions {
  tenant?: number;
  table?: string;
  from?: string;
  to?: string;
  campaign?: string;
  lead?: string;
  yes?: boolean;
}

/** `dialtally purge`: removes calls or a lead from disk for good. */
export function addPurge(program: Command): void {
  const command = program
    .command('purge')
    .usage('--tenant N (--table calls --from --to | --lead ID) [options]')
    .summary('remove rows from disk for good')
    .description(
      'Removes the calls of a window, or a lead with all its calls, from disk for good: wrong imports, erasure requests. ' +
        'A date as --to includes that whole day.',
    )
    .option('--table <name>', 'calls')
    .option('--from <instant>', 'start of the window, an ISO 8601 date or instant')
    .option('--to <instant>', 'its end')
    .option('--campaign <n>', 'only the calls of this campaign')
    .option('--lead <id>', 'this lead, instead of a window')
    .option('-y, --yes', 'do not ask')
    .action((options: PurgeOptions) => purge(options));
  withDoor(withTenant(command));
  withExamples(
    command,
    'purge --tenant 1 --table calls --from 2026-06-01 --to 2026-06-01 --campaign 43',
    'purge --tenant 1 --lead 81233 --yes',
  );
}

async function purge({ tenant: asked, yes, dataDir, url, token, tokenFile, ...what }: PurgeOptions): Promise<void> {
  await through(
    { dataDir, url, token, tokenFile },
    async (door) => {
      const tenantId = await tenantAt(door, asked);
      if (!yes && !process.stdin.isTTY)
        throw new BadOptions('Nobody can be asked here whether to remove rows for good: add --yes.');
      if (!yes && !(await isSure(tenantId, what))) {
        printError('Nothing was removed.\n');
        process.exitCode = 1;
        return;
      }
      const purged = await askData<Purged>(door, {
        method: 'POST',
        path: '/api/telesales/purge',
        tenantId,
        json: what,
      });
      const { calls, leads, refused_rows, names, gone } = purged;
      print(
        `Removed ${calls} calls, ${leads} leads, ${names} names and ${refused_rows} refused rows of tenant ${tenantId}.\n`,
      );
      if (calls + leads + refused_rows + names === 0) {
        print('Nothing matched.\n');
      } else if (gone) {
        print('They are gone from disk: no part holds any of them any more.\n');
      } else {
        printError('No report counts them any more, but parts on disk still wait for removal: purge again later.\n');
        process.exitCode = 1;
      }
    },
    { mustExist: true },
  );
}

async function isSure(tenantId: number, { lead, from, to, campaign }: PurgeOptions): Promise<boolean> {
  const rows = lead
    ? `lead ${lead} and all its calls`
    : `all calls from ${from} to ${to}${campaign ? ` in campaign ${campaign}` : ''}`;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-D and Ctrl-C are answers too.
    const answer = lines.question(`Remove ${rows} of tenant ${tenantId} for good? [y/N] `).catch(() => '');
    const closed = once(lines, 'close').then(() => '');
    return /^y(es)?$/i.test((await Promise.race([answer, closed])).trim());
  } finally {
    lines.close();
  }
}
