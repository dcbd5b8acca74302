/** `dialtally demo`. */
import type { Command } from 'commander';
import { demoDefaults } from '../../demo/generator.ts';
import { readWholeNumber, withDoor, withExamples } from '../command.ts';
import { type DemoRequest, makeDemo } from '../files/demo-tenant.ts';
import { type DoorOptions, through } from '../server/door.ts';
import { print } from '../show/print.ts';
import { grouped } from '../show/progress.ts';

type DemoOptions = DoorOptions & Omit<DemoRequest, 'now'>;

/** `dialtally demo`: makes the demo tenant, or brings it up to now. */
export function addDemo(program: Command): void {
  const { seed, calls, days } = demoDefaults;
  const command = program
    .command('demo')
    .summary('make or top up the demo tenant')
    .description(
      "Makes the demo tenant (9), a call centre's last months, or brings it up to now. The same options always give " +
        'the same history; later runs need none of them.',
    )
    .option('--seed <n>', `which history (default: ${seed})`, readWholeNumber)
    .option('--calls <n>', `about how many calls (default: ${calls})`, readWholeNumber)
    .option('--days <n>', `over how many days, up to now (default: ${days})`, readWholeNumber)
    .action((options: DemoOptions) => runDemo(options));
  withExamples(
    withDoor(command),
    'demo',
    'demo --calls 20000 --days 30 --data-dir ./small',
    'report dashboard --tenant 9 --from 2026-06-01 --to 2026-06-30 --timezone Asia/Ho_Chi_Minh',
  );
}

async function runDemo({ seed, calls, days, ...options }: DemoOptions): Promise<void> {
  const startedAt = Date.now();
  const made = await through(options, (door) => makeDemo(door, { seed, calls, days }));
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const what = made.isTopUp ? 'is up to now' : 'is made';
  print(
    `The demo tenant ${made.tenantId} ${what}: ${grouped(made.calls)} rows of calls, ${grouped(made.leads)} leads, in ${seconds} s.\n`,
  );
}
