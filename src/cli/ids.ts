import { type Command, Option } from 'commander';
import { type NamedId, type NameKind, nameKinds } from '../ingest/names.ts';
import { through, withDoor, withExamples, withTenant } from './command.ts';
import { type Door, type DoorOptions, tenantAt } from './door.ts';
import { askData } from './request.ts';
import { toTable } from './table.ts';

interface IdsOptions extends DoorOptions {
  tenant?: number;
  kind?: NameKind;
}

const pageSize = 10_000;

/** `dialtally ids`: which number stands for which name of another system. */
export function addIds(program: Command): void {
  const command = program
    .command('ids')
    .usage('--tenant N [options]')
    .summary('list the ids that stand for names')
    .description(
      'Other systems know campaigns, agents, teams and leads by names; here they are numbers. Lists which number stands for which name.',
    )
    .addOption(new Option('--kind <kind>', 'only these').choices(nameKinds))
    .action((options: IdsOptions) => listIds(options));
  withExamples(withDoor(withTenant(command)), 'ids --tenant 1', 'ids --tenant 1 --kind campaign');
}

async function listIds({ tenant: asked, kind, ...options }: IdsOptions): Promise<void> {
  const rows = await through(
    options,
    async (door) => {
      const tenant = await tenantAt(door, asked);
      const found: [kind: string, id: string, name: string][] = [];
      for (const one of kind ? [kind] : nameKinds) {
        for (const named of await readAll(door, tenant, one)) found.push([one, String(named.id), named.name]);
      }
      return found;
    },
    { mustExist: true },
  );
  process.stdout.write(`${toTable([{ label: 'Kind' }, { label: 'Id', align: 'right' }, { label: 'Name' }], rows)}\n`);
}

async function readAll(door: Door, tenant: number, kind: NameKind): Promise<NamedId[]> {
  const all: NamedId[] = [];
  for (;;) {
    const page = await askData<NamedId[]>(door, {
      path: '/api/telesales/ids',
      query: [
        ['kind', kind],
        ['limit', String(pageSize)],
        ...(all.length > 0 ? [['after', String(all.at(-1)?.id)] as const] : []),
      ],
      tenant,
    });
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}
