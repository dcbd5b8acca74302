/** All settings in one flat list by name, and how a JSON object of them is read and checked. */
import { InvalidParams } from '../errors.ts';
import type { ParamFault } from '../faults.ts';
import { readSetting, type SettingField } from './setting-kinds.ts';
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
  if (!isObject(body)) throw new InvalidParams([{ id: 'not_settings', field: 'settings' }]);
  const faults: ParamFault[] = [];
  const values: Partial<SettingValues> = {};
  const given = flatten(body);
  if (given.length > mostGiven) {
    throw new InvalidParams([{ id: 'too_many_settings', field: 'settings', most: mostGiven }]);
  }
  for (const [field, value] of given) {
    if (field === 'health') faults.push({ id: 'not_rules', field });
    else if (!isSettingName(field)) faults.push({ id: 'no_such_setting', field, words: settingNames });
    else if (values[field] !== undefined) faults.push({ id: 'given_twice', field });
    else {
      const read = readSetting(settingFields[field], value);
      if ('fault' in read) faults.push({ ...read.fault, field });
      else values[field] = read.value;
    }
  }
  const merged = { ...toSettingValues(present), ...values };
  for (const { lower, upper, ...data } of ordered) {
    if (merged[lower] <= merged[upper]) continue;
    for (const field of [lower, upper]) {
      if (values[field] !== undefined) faults.push({ id: 'warning_after_block', field, ...data });
    }
  }
  if (faults.length > 0) throw new InvalidParams(faults);
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

const ordered = [
  {
    lower: 'health.block_below_baseline_pct',
    upper: 'health.warn_below_baseline_pct',
    warning: 'warn_below_baseline_pct',
    block: 'block_below_baseline_pct',
    side: 'below',
  },
  {
    lower: 'health.warn_rejected_pct',
    upper: 'health.block_rejected_pct',
    warning: 'warn_rejected_pct',
    block: 'block_rejected_pct',
    side: 'above',
  },
] as const;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
