/** `dialtally token create|list|revoke`. */
import { type Command, Option } from 'commander';
import { roles } from '../../access/roles.ts';
import type { TokenRecord } from '../../access/tokens.ts';
import { readWholeNumber, withDoor, withExamples, withTenant } from '../command.ts';
import { type Door, type DoorOptions, tenantAt, through } from '../server/door.ts';
import { askData } from '../server/request.ts';
import { inNamesOf } from '../show/faults.ts';
import { print, printError } from '../show/print.ts';
import { toTable } from '../show/table.ts';

interface TokenOptions extends DoorOptions {
  tenant?: number;
}

interface NewTokenOptions extends TokenOptions {
  role: string;
  team?: string;
  agent?: string;
  expires?: string;
}

/** `dialtally token`: makes, lists and ends bearer tokens. */
export function addToken(program: Command): void {
  const token = program
    .command('token')
    .summary('make, list and end tokens')
    .description('Bearer tokens for the API. They are stored hashed: a token is told once, when it is made.');
  withExamples(token, 'token create --tenant 1 --role admin', 'token list', 'token revoke 3');

  const create = token
    .command('create')
    .usage('--tenant N --role ROLE [options]')
    .description('Makes a token and prints it, alone, on standard output.')
    .addOption(new Option('--role <role>', 'what it is for').choices(roles).makeOptionMandatory())
    .option('--team <n>', 'with role supervisor: only this team')
    .option('--agent <n>', 'with role agent: whose calls')
    .option('--expires <span>', 'how long it lives, such as 90d, 12h or 30m (default: for ever)')
    .action((options: NewTokenOptions) => createToken(options));
  withExamples(
    withDoor(withTenant(create)),
    'token create --tenant 1 --role admin',
    'token create --tenant 1 --role supervisor --team 3 --expires 90d > token.txt',
  );

  const list = token
    .command('list')
    .description('Lists tokens, the sessions of browsers and sign-in links; with --tenant only its own.');
  list.action((options: TokenOptions) => listTokens(options));
  withExamples(withDoor(withTenant(list)), 'token list', 'token list --tenant 1');

  const revoke = token
    .command('revoke')
    .description('Ends a token at once, and its sessions with it; or a session.')
    .argument('<id>', 'its id in "token list"', readWholeNumber)
    .action((tokenId: number, options: TokenOptions) => revokeToken(tokenId, options));
  withExamples(withDoor(withTenant(revoke)), 'token revoke 3');
}

async function createToken({ role, team, agent, expires, tenant: asked, ...options }: NewTokenOptions): Promise<void> {
  const created = await through(options, async (door) => {
    const tenantId = await tenantAt(door, asked);
    const json = { role, team_id: team, agent_id: agent, expires };
    return askData<TokenRecord & { token: string }>(door, {
      method: 'POST',
      path: '/api/telesales/tokens',
      tenantId,
      json,
    });
  }).catch((error: unknown) => {
    throw inNamesOf(error, { agent_id: 'agent' });
  });
  const until = created.expires_at ? `until ${created.expires_at}` : 'for ever, unless it is revoked';
  printError(
    `Token ${created.token_id} of tenant ${created.tenant_id}, ${created.role}, good ${until}. It is not shown again.\n`,
  );
  print(`${created.token}\n`);
}

async function listTokens({ tenant: tenantId, ...options }: TokenOptions): Promise<void> {
  const tokens = await through(
    options,
    (door) => askData<TokenRecord[]>(door, { path: `${tokensPath(door, tenantId)}?limit=10000`, tenantId }),
    { mustExist: true },
  );
  const rows = tokens.map((record) => [
    String(record.token_id),
    String(record.tenant_id),
    record.role,
    String(record.team_id ?? ''),
    String(record.agent_id ?? ''),
    record.kind,
    toMinute(record.created_at),
    toState(record),
  ]);
  const columns = ['Id', 'Tenant', 'Role', 'Team', 'Agent', 'Kind', 'Created', 'State'].map((label) =>
    /^(Id|Tenant|Team|Agent)$/.test(label) ? { label, align: 'right' as const } : { label },
  );
  print(`${toTable(columns, rows)}\n`);
}

async function revokeToken(tokenId: number, { tenant: tenantId, ...options }: TokenOptions): Promise<void> {
  const revoked = await through(
    options,
    (door) =>
      askData<TokenRecord>(door, { method: 'DELETE', path: `${tokensPath(door, tenantId)}/${tokenId}`, tenantId }),
    { mustExist: true },
  );
  print(`Token ${revoked.token_id} of tenant ${revoked.tenant_id} is revoked.\n`);
}

/** All tokens of this machine, unless a tenant is named; elsewhere those of the token's own. */
function tokensPath({ where }: Door, tenantId: number | undefined): string {
  return where === 'here' && tenantId === undefined ? '/api/operator/tokens' : '/api/telesales/tokens';
}

function toState({ revoked_at, expires_at }: TokenRecord): string {
  if (revoked_at) return `revoked ${toMinute(revoked_at)}`;
  if (!expires_at) return 'good for ever';
  return `${Date.parse(expires_at) <= Date.now() ? 'expired' : 'good until'} ${toMinute(expires_at)}`;
}

const toMinute = (instant: string) => `${instant.slice(0, 16).replace('T', ' ')}Z`;
