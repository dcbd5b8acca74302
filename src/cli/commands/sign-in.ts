/** `dialtally sign-in`: a link that signs a browser in. */
import { type Command, Option } from 'commander';
import { roles } from '../../access/roles.ts';
import { DialtallyError } from '../../errors.ts';
import { withDoor, withExamples, withTenant } from '../command.ts';
import { type DoorOptions, tenantAt, through, toConfig } from '../server/door.ts';
import { findServer } from '../server/server-file.ts';
import { makeSignInLink } from '../server/sign-in-link.ts';
import { inNamesOf } from '../show/faults.ts';
import { print, printError } from '../show/print.ts';

interface SignInOptions extends DoorOptions {
  tenant?: number;
  role: string;
  team?: string;
  agent?: string;
}

/** `dialtally sign-in`: makes a link that signs a browser in, once. */
export function addSignIn(program: Command): void {
  const command = program
    .command('sign-in')
    .summary('make a link that signs a browser in')
    .usage('--tenant N [options]')
    .description(
      'Makes a link that signs a browser in to the console, once, within ten minutes, and prints it, alone, on standard output.',
    )
    .addOption(new Option('--role <role>', 'what the browser may do').choices(roles).default('admin'))
    .option('--team <n>', 'with role supervisor: only this team')
    .option('--agent <n>', 'with role agent: whose calls')
    .action((options: SignInOptions) => signIn(options));
  withExamples(withDoor(withTenant(command)), 'sign-in --tenant 1', 'sign-in --tenant 1 --role supervisor --team 3');
}

async function signIn({ role, team, agent, tenant: asked, ...options }: SignInOptions): Promise<void> {
  const { dataDir } = toConfig(options);
  if (options.url === undefined && !(await findServer(dataDir))) {
    throw new DialtallyError(
      'NO_SERVER',
      503,
      `No server runs on ${dataDir}. Start one with "dialtally serve", then ask again.`,
    );
  }
  const link = await through(options, async (door) => {
    const tenantId = await tenantAt(door, asked);
    return makeSignInLink(door, { tenantId, role, team_id: team, agent_id: agent });
  }).catch((error: unknown) => {
    throw inNamesOf(error, { agent_id: 'agent' });
  });
  printError('Good once, for ten minutes.\n');
  print(`${link}\n`);
}
