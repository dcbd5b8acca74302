/** `dialtally settings`: shows a tenant’s thresholds, and changes them. */
import type { Command } from 'commander';
import type { SettingChange } from '../../access/settings.ts';
import { settingFields, settingNames, toSettingValues } from '../../engine/setting-fields.ts';
import type { Settings } from '../../engine/settings.ts';
import { BadOptions } from '../../errors.ts';
import { withDoor, withExamples, withTenant } from '../command.ts';
import { type DoorOptions, tenantAt, through } from '../server/door.ts';
import { askData } from '../server/request.ts';
import { print } from '../show/print.ts';
import { toTable } from '../show/table.ts';

interface SettingsOptions extends DoorOptions {
  tenant?: number;
  set?: string[];
  changes?: boolean;
}

const path = '/api/telesales/settings';

/** `dialtally settings`: shows what a tenant judges by, and changes it. */
export function addSettings(program: Command): void {
  const command = program
    .command('settings')
    .usage('--tenant N [options]')
    .summary('what a tenant judges by: short calls, caller-ID health, alerts')
    .description('Shows the thresholds that a tenant judges by, or changes some of them.')
    .option('--set <name=value>', 'change this one; may be given several times', (pair, before: string[] = []) => [
      ...before,
      pair,
    ])
    .option('--changes', 'show who changed what, and when')
    .action((options: SettingsOptions) => showSettings(options));
  withExamples(
    withDoor(withTenant(command)),
    'settings --tenant 1',
    'settings --tenant 1 --set meaningful_talk_sec=20 --set health.min_dials=50',
    'settings --tenant 1 --changes',
  );
}

async function showSettings({ tenant: asked, set = [], changes, ...options }: SettingsOptions): Promise<void> {
  const pairs = set.map(readPair);
  const names = pairs.map(([name]) => name);
  const twice = names.filter((name, at) => names.indexOf(name) < at);
  if (twice.length > 0) throw new BadOptions(...twice.map((name) => `--set ${name} may be given only once.`));
  const json = Object.fromEntries(pairs);
  const shown = await through(options, async (door) => {
    const tenantId = await tenantAt(door, asked);
    const change = pairs.length > 0 ? { method: 'PUT' as const, json } : {};
    const settings = await askData<Settings>(door, { path, tenantId, ...change });
    return changes
      ? toLog(await askData<SettingChange[]>(door, { path: `${path}/changes`, tenantId }))
      : toSettingsTable(settings);
  });
  print(`${shown}\n`);
}

function readPair(pair: string): [name: string, value: string] {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
  if (!name || !value) throw new BadOptions('--set must look like meaningful_talk_sec=20.');
  return [name, value];
}

function toSettingsTable(settings: Settings): string {
  const values = toSettingValues(settings);
  return toTable(
    [
      { label: 'Setting' },
      { label: 'Value', align: 'right' },
      { label: 'Default', align: 'right' },
      { label: 'What it means' },
    ],
    settingNames.map((name) => {
      const { default: fallback, about } = settingFields[name];
      return [name, String(values[name]), String(fallback), about];
    }),
  );
}

function toLog(changes: readonly SettingChange[]): string {
  if (changes.length === 0) return 'Nothing was changed yet.';
  return toTable(
    [
      { label: 'When' },
      { label: 'Setting' },
      { label: 'From', align: 'right' },
      { label: 'To', align: 'right' },
      { label: 'By' },
    ],
    changes.map(({ name, old_value, new_value, token_id, role, changed_at }) => [
      changed_at,
      name,
      String(old_value),
      String(new_value),
      token_id === null ? 'this machine' : `token ${token_id} (${role})`,
    ]),
  );
}
