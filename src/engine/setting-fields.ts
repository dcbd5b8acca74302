import { InvalidParams } from '../errors.ts';
import { spoken } from './params.ts';
import { defaultSettings, type HealthRules, type Settings } from './settings.ts';

/** The name of one setting: `meaningful_talk_sec`, or `health.min_dials`. */
export type SettingName = Exclude<keyof Settings, 'health'> | `health.${keyof HealthRules}`;

/** Settings by their names, without nesting. */
export type SettingValues = Record<SettingName, number>;

/** One setting: what it means, and what it may be. */
export interface SettingField {
  about: string;
  kind: 'count' | 'percent';
  minimum: number;
  maximum: number;
}

const many = 1_000_000;
const count = (about: string, minimum: number, maximum: number): SettingField => ({
  about,
  kind: 'count',
  minimum,
  maximum,
});
const percent = (about: string, minimum = 0): SettingField => ({ about, kind: 'percent', minimum, maximum: 100 });

/** Every setting, in the order in which they are shown. */
export const settingFields: Record<SettingName, SettingField> = {
  meaningful_talk_sec: count('A conversation below so many seconds is a short call; 0: none is', 0, 3600),
  abandon_alert_min_attempts: count('Abandon alerts wait for so many attempts in the window', 1, many),
  'health.min_dials': count('Fewer dials in the window say nothing about a caller ID (no_data)', 1, many),
  'health.baseline_days': count('So many times 24 hours before the window are what it is compared with', 1, 365),
  'health.baseline_min_dials': count('Fewer dials in those days are no past to compare with', 1, many),
  'health.block_below_baseline_pct': percent(
    'Suspected block: the upper bound of ASR is below this share of the earlier ASR; 0: never',
  ),
  'health.block_below_asr_pct': percent('Suspected block: the upper bound of ASR is below this; 0: never'),
  'health.block_rejected_pct': percent('Suspected block: at least this share of dials was rejected', 0.01),
  'health.warn_below_baseline_pct': percent(
    'Warning: the upper bound of ASR is below this share of the earlier ASR; 0: never',
  ),
  'health.warn_short_calls_pct': percent('Warning: more than this share of dials were short calls; 100: never'),
  'health.warn_rejected_pct': percent('Warning: at least this share of dials was rejected', 0.01),
};

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
  const { health: _, ...others } = defaultSettings;
  const of = (names: readonly string[], prefix: string) =>
    Object.fromEntries(names.map((name) => [name, all[`${prefix}${name}` as SettingName]]));
  return {
    ...(of(Object.keys(others), '') as Omit<Settings, 'health'>),
    health: of(Object.keys(defaultSettings.health), 'health.') as unknown as HealthRules,
  };
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
      const read = readValue(settingFields[name], value);
      if (read === undefined) blame(name, toFault(name));
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

function readValue({ kind, minimum, maximum }: SettingField, value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  if (!(kind === 'count' ? /^\d{1,9}$/ : /^\d{1,3}(\.\d{1,2})?$/).test(text)) return undefined;
  return Number(text) >= minimum && Number(text) <= maximum ? Number(text) : undefined;
}

function toFault(name: SettingName): string {
  const { kind, minimum, maximum } = settingFields[name];
  const form = kind === 'count' ? 'a whole number' : 'a number with at most 2 decimals';
  return `The ${toSpoken(name)} must be ${form} from ${minimum} to ${maximum}.`;
}

const toSpoken = (name: SettingName) => spoken(name.replace('.', ' '));

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
