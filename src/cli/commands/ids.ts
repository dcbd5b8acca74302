/** `dialtally ids`: names of other systems and the numbers that stand for them. */
import { text } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { BadOptions } from '../../errors.ts';
import type { NamedId } from '../../ingest/named-id.ts';
import { type NameKind, nameKinds } from '../../ingest/names.ts';
import { withDoor, withExamples, withTenant } from '../command.ts';
import { type Door, type DoorOptions, tenantAt, through } from '../server/door.ts';
import { askData } from '../server/request.ts';
import { print } from '../show/print.ts';
import { toTable } from '../show/table.ts';

interface IdsOptions extends DoorOptions {
  tenant?: number;
  kind?: NameKind;
  phone?: boolean;
  country?: string;
  dialPrefix?: string;
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
    .option('--phone', 'instead: reads a phone number from standard input and says which lead a mapping makes of it')
    .option('--country <code>', 'with --phone: the mapping\u2019s country_code')
    .option('--dial-prefix <digits>', 'with --phone: the mapping\u2019s dial_prefix')
    .action((options: IdsOptions) => {
      assertTogether(options);
      return options.phone ? sayLead(options) : listIds(options);
    });
  withExamples(
    withDoor(withTenant(command)),
    'ids --tenant 1',
    'ids --tenant 1 --kind campaign',
    'ids --tenant 1 --phone --country 84 < number.txt',
  );
}

/** An option that would be passed over here might be the one that the answer depends on. */
function assertTogether({ phone, kind, country, dialPrefix }: IdsOptions): void {
  const faults = phone && kind ? ['--kind is for the list of names. Leave it out with --phone.'] : [];
  for (const [option, given] of Object.entries({ '--country': country, '--dial-prefix': dialPrefix })) {
    if (given === undefined) continue;
    if (!phone) faults.push(`${option} goes with --phone.`);
    else if (given.trim() === '') faults.push(`${option} is empty. Fill it, or leave it out.`);
  }
  if (faults.length > 0) throw new BadOptions(...faults);
}

/** The number comes on standard input: an option would stay in the shell's history. */
async function sayLead({ tenant: asked, country, dialPrefix, ...options }: IdsOptions): Promise<void> {
  const phone = (await text(process.stdin)).trim();
  if (/[\r\n]/.test(phone)) {
    throw new BadOptions('--phone reads one number at a time, and there is more than one line.');
  }
  const { lead_id } = await through(
    options,
    async (door) =>
      askData<{ lead_id: number }>(door, {
        method: 'POST',
        path: '/api/telesales/ids/phone',
        tenantId: await tenantAt(door, asked),
        json: { phone, country_code: country, dial_prefix: dialPrefix },
      }),
    { mustExist: true },
  );
  print(`${lead_id}\n`);
}

async function listIds({ tenant: asked, kind, phone: _, ...options }: IdsOptions): Promise<void> {
  const rows = await through(
    options,
    async (door) => {
      const tenantId = await tenantAt(door, asked);
      const found: [kind: string, id: string, name: string][] = [];
      for (const one of kind ? [kind] : nameKinds) {
        for (const named of await readAll(door, tenantId, one)) found.push([one, String(named.id), named.name]);
      }
      return found;
    },
    { mustExist: true },
  );
  print(`${toTable([{ label: 'Kind' }, { label: 'Id', align: 'right' }, { label: 'Name' }], rows)}\n`);
}

async function readAll(door: Door, tenantId: number, kind: NameKind): Promise<NamedId[]> {
  const all: NamedId[] = [];
  for (;;) {
    const page = await askData<NamedId[]>(door, {
      path: '/api/telesales/ids',
      query: [
        ['kind', kind],
        ['limit', String(pageSize)],
        ...(all.length > 0 ? [['after', String(all.at(-1)?.id)] as const] : []),
      ],
      tenantId,
    });
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}
