/** Makes the demo: claims its tenant, writes its files, sends them in, and remembers how far it is. */
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Tenant } from '../../access/tenants.ts';
import { demoDefaults, demoTenant, generateDemo } from '../../demo/generator.ts';
import { DialtallyError } from '../../errors.ts';
import { tableNames } from '../../tables.ts';
import { type Door, tenantAt } from '../server/door.ts';
import { askData } from '../server/request.ts';
import { openProgress } from '../show/progress.ts';
import { writeDemoFiles } from './demo-files.ts';
import { sendTableFile } from './send-table-file.ts';

/** Which demo to make; what is left open is as before, or as usual. */
export interface DemoRequest {
  seed?: number | undefined;
  calls?: number | undefined;
  days?: number | undefined;
  now?: Date;
}

/** What became of the demo. */
export interface DemoResult {
  tenantId: number;
  isTopUp: boolean;
  calls: number;
  leads: number;
}

/** What a data directory remembers of its demo. */
interface DemoState {
  seed: number;
  calls: number;
  days: number;
  /** Everything up to this instant has been taken in. */
  made_at: string;
}

/** Makes the demo tenant, or brings it up to now. Done again it changes nothing. Throws when tenant 9 is somebody else's. */
export async function makeDemo(door: Door, { now = new Date(), ...asked }: DemoRequest = {}): Promise<DemoResult> {
  const isThere = await claimTenant(door);
  const before = isThere ? await readState(door) : undefined;
  if (before) assertSame(before, asked, door);
  const { made_at, ...options } = before ?? toState(asked, now);
  const rows = generateDemo({ ...options, now, ...(before && { from: new Date(made_at) }) });
  await mkdir(door.dataDir, { recursive: true });
  const directory = await mkdtemp(join(resolve(door.dataDir), 'demo-'));
  try {
    const counts = await writeDemoFiles(directory, rows);
    for (const table of tableNames) if (counts[table] > 0) await sendWhole(door, directory, table);
    // The clock may have been set back.
    const until = before && Date.parse(made_at) > now.getTime() ? made_at : now.toISOString();
    if (door.where === 'here') await writeState(door, { ...options, made_at: until });
    return { tenantId: demoTenant.tenant_id, isTopUp: before !== undefined, calls: counts.calls, leads: counts.leads };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Makes sure that tenant 9 is the demo's, and says whether it was there before. */
async function claimTenant(door: Door): Promise<boolean> {
  const { tenant_id, ...words } = demoTenant;
  if (door.where === 'elsewhere') {
    await tenantAt(door, tenant_id);
    return true;
  }
  const tenants = await askData<(Tenant & { has_row: boolean })[]>(door, { path: '/api/operator/tenants' });
  const found = tenants.find((tenant) => tenant.tenant_id === tenant_id);
  if (found?.has_row && (found.name === demoTenant.name || (await readState(door)))) return true;
  if (found) {
    throw new DialtallyError(
      'DEMO_TENANT_TAKEN',
      409,
      `Tenant ${tenant_id} has rows or a name of its own (${found.name}), and the demo is not mixed with others. Make it in another directory: --data-dir ./demo`,
    );
  }
  await askData(door, { method: 'PUT', path: '/api/operator/tenant', tenantId: tenant_id, json: words });
  return false;
}

async function sendWhole(door: Door, directory: string, table: (typeof tableNames)[number]): Promise<void> {
  const file = { path: join(directory, `${table}.csv`), name: `${table}.csv`, table, format: 'csv' as const };
  const { refused, first_refused } = await sendTableFile(door, file, {
    tenantId: demoTenant.tenant_id,
    strict: false,
    progress: openProgress(),
  });
  if (refused > 0)
    throw new TypeError(`the demo made ${refused} bad rows, such as ${JSON.stringify(first_refused[0])}`);
}

function toState({ seed, calls, days }: DemoRequest, now: Date): DemoState {
  return {
    seed: seed ?? demoDefaults.seed,
    calls: calls ?? demoDefaults.calls,
    days: days ?? demoDefaults.days,
    made_at: now.toISOString(),
  };
}

function assertSame(before: DemoState, asked: DemoRequest, { dataDir }: Door): void {
  const others = (['seed', 'calls', 'days'] as const).filter((name) => (asked[name] ?? before[name]) !== before[name]);
  if (others.length === 0) return;
  const made = `--seed ${before.seed} --calls ${before.calls} --days ${before.days}`;
  throw new DialtallyError(
    'OTHER_DEMO',
    409,
    `The demo in ${dataDir} was made with ${made}. Make another one in another directory: --data-dir ./demo`,
  );
}

const pathOf = (door: Door) => join(door.dataDir, 'demo.json');

async function readState(door: Door): Promise<DemoState | undefined> {
  if (door.where === 'elsewhere') return undefined;
  try {
    const { seed, calls, days, made_at } = JSON.parse(await readFile(pathOf(door), 'utf8')) as DemoState;
    return Number.isNaN(Date.parse(made_at)) ? undefined : { seed, calls, days, made_at };
  } catch {
    return undefined;
  }
}

async function writeState(door: Door, state: DemoState): Promise<void> {
  await writeFile(`${pathOf(door)}.part`, `${JSON.stringify(state)}\n`);
  await rename(`${pathOf(door)}.part`, pathOf(door));
}
