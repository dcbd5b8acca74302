/** `dialtally tenant set|list`. */
import type { Command } from 'commander';
import type { Tenant } from '../../access/tenants.ts';
import { readWholeNumber, withDoor, withExamples } from '../command.ts';
import { type DoorOptions, through } from '../server/door.ts';
import { askData } from '../server/request.ts';
import { print } from '../show/print.ts';
import { toPrintable } from '../show/printable.ts';
import { toTable } from '../show/table.ts';

interface SetOptions extends DoorOptions {
  name?: string;
  timezone?: string;
}

/** `dialtally tenant`: names tenants and lists them. */
export function addTenant(program: Command): void {
  const tenant = program
    .command('tenant')
    .summary('name tenants, list them')
    .description('Names tenants and lists them. Rows may come in before their tenant has a name.');
  withExamples(tenant, 'tenant set 1 --name "Acme" --timezone Asia/Ho_Chi_Minh', 'tenant list');

  const set = tenant
    .command('set')
    .description('Names a tenant, or changes its name or time zone.')
    .argument('<n>', 'the tenant', readWholeNumber)
    .option('--name <name>', 'its name')
    .option('--timezone <zone>', 'the time zone that its people think in, a TZDB name')
    .action((tenantId: number, options: SetOptions) => setTenant(tenantId, options));
  withExamples(withDoor(set), 'tenant set 1 --name "Acme" --timezone Asia/Ho_Chi_Minh');

  const list = tenant
    .command('list')
    .description('Lists the tenants that have a name or rows.')
    .action((options: DoorOptions) => listTenants(options));
  withExamples(withDoor(list), 'tenant list');
}

async function setTenant(tenantId: number, { name, timezone, ...options }: SetOptions): Promise<void> {
  const tenant = await through(options, (door) =>
    askData<Tenant>(door, {
      method: 'PUT',
      path: '/api/operator/tenant',
      tenantId,
      json: { name, timezone },
    }),
  );
  print(`Tenant ${tenant.tenant_id} is ${toPrintable(tenant.name)}, ${tenant.timezone}.\n`);
}

async function listTenants(options: DoorOptions): Promise<void> {
  const tenants = await through(
    options,
    (door) => askData<(Tenant & { has_row: boolean })[]>(door, { path: '/api/operator/tenants' }),
    { mustExist: true },
  );
  const rows = tenants.map((tenant) => [
    String(tenant.tenant_id),
    tenant.has_row ? tenant.name : '(no name yet: tenant set)',
    tenant.timezone,
  ]);
  print(`${toTable([{ label: 'Tenant', align: 'right' }, { label: 'Name' }, { label: 'Time zone' }], rows)}\n`);
}
