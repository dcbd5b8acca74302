import { InvalidParams } from '../errors.ts';
import { spoken } from './params.ts';
import { readSetting, type SettingField, toSettingRule } from './setting-kinds.ts';
import { defaultSettings, type HealthRules, healthFields, plainFields, type Settings } from './settings.ts';

/** The name of one setting: `meaningful_talk_sec`, or `health.min_dials`. */
export type SettingName = Exclude<keyof Settings, 'health'> | `health.${keyof HealthRules}`;

/** Settings by their names, without nesting. */
export type SettingValues = Record<SettingName, number>;

const health = Object.entries(healthFields).map(([rule, field]) => [`health.${rule}`, field]);

/** Every setting, in the order in which they are shown. */
export const settingFields = { ...plainFields, ...Object.fromEntries(health) } as Record<SettingName, SettingField>;

/** The names of all settings. */
export const settingNames = Object.keys(settingFields) as SettingName[];

/** Whether a text is the name of a setting. */
export function isSettingName(text: string): text is SettingName {
  return Object.hasOwn(settingFields, text);
}

/** Settings as their names and values. */
export function toSettingValues({ health, ...others }: Settings): SettingValues {
  const nested = Object.entries(health).map(([rule, value]) => [`health.${rule}`, value]);
  return { ...others, ...Object.fromEntries(nested) };
}

/** Values by name as settings; the default where none is given. */
export function toSettings(values: Partial<SettingValues>): Settings {
  const all = { ...toSettingValues(defaultSettings), ...values };
  const of = <Name extends string>(fields: Record<Name, SettingField>, prefix: string) =>
    Object.fromEntries(Object.keys(fields).map((name) => [name, all[`${prefix}${name}` as SettingName]])) as Record<
      Name,
      number
    >;
  return { ...of(plainFields, ''), health: of(healthFields, 'health.') };
}

/**
 * Reads a JSON object of settings, nested as `Settings` is or by their names; it may leave out what stays. Throws
 * InvalidParams, naming every unknown and every bad setting at once, also those that don't go with the `present` ones.
 */
export function readSettings(body: unknown, present: Settings): Partial<SettingValues> {
  if (!isObject(body)) throw new InvalidParams({ settings: ['Send a JSON object of settings.'] });
  // A map: a name may be `__proto__`.
  const faults = new Map<string, string[]>();
  const blame = (name: string, fault: string) => faults.set(name, [...(faults.get(name) ?? []), fault]);
  const values: Partial<SettingValues> = {};
  const given = flatten(body);
  if (given.length > mostGiven) {
    throw new InvalidParams({ settings: [`More than ${mostGiven} settings were sent, and there are not as many.`] });
  }
  for (const [name, value] of given) {
    if (name === 'health') blame(name, 'The health must be an object of rules.');
    else if (!isSettingName(name)) blame(name, `There is no such setting. There are ${settingNames.join(', ')}.`);
    else if (values[name] !== undefined) blame(name, `The ${toSpoken(name)} may be given only once.`);
    else {
      const read = readSetting(settingFields[name], value);
      if (read === undefined) blame(name, `The ${toSpoken(name)} must be ${toSettingRule(settingFields[name])}.`);
      else values[name] = read;
    }
  }
  const merged = { ...toSettingValues(present), ...values };
  for (const [lower, upper, fault] of ordered) {
    if (merged[lower] <= merged[upper]) continue;
    for (const name of [lower, upper]) if (values[name] !== undefined) blame(name, fault);
  }
  if (faults.size > 0) throw new InvalidParams(Object.fromEntries(faults));
  return values;
}

// Each name is told what is wrong with it.
const mostGiven = 200;

function flatten(body: Record<string, unknown>): [name: string, value: unknown][] {
  return Object.entries(body).flatMap(([name, value]): [string, unknown][] => {
    if (name !== 'health' || !isObject(value)) return [[name, value]];
    return Object.entries(value).map(([rule, nested]) => [`health.${rule}`, nested]);
  });
}

const ordered: readonly [lower: SettingName, upper: SettingName, fault: string][] = [
  [
    'health.block_below_baseline_pct',
    'health.warn_below_baseline_pct',
    'The warn_below_baseline_pct must not be below the block_below_baseline_pct: a warning comes before a block.',
  ],
  [
    'health.warn_rejected_pct',
    'health.block_rejected_pct',
    'The warn_rejected_pct must not be above the block_rejected_pct: a warning comes before a block.',
  ],
];

const toSpoken = (name: SettingName) => spoken(name.replace('.', ' '));

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
