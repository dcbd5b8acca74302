/** The thresholds by which a tenant judges: all of them, what each means, and what it may be. */
import { type Static, Type } from 'typebox';
import { closed } from '../shapes.ts';
import { countSetting, percentSetting, type SettingField, toSchemas } from './setting-kinds.ts';

const many = 1_000_000;

/** The thresholds of a tenant beside those of caller-ID health, in the order in which they are shown. */
export const plainFields = {
  meaningful_talk_sec: countSetting('A conversation below so many seconds is a short call; 0: none is', 30, 0, 3600),
  abandon_alert_min_attempts: countSetting('Abandon alerts wait for so many attempts in the window', 100, 1, many),
};

/** When a caller ID is healthy, and when not. */
export const healthFields = {
  min_dials: countSetting('Fewer dials in the window say nothing about a caller ID (no_data)', 20, 1, many),
  baseline_days: countSetting('So many times 24 hours before the window are what it is compared with', 28, 1, 365),
  baseline_min_dials: countSetting('Fewer dials in those days are no past to compare with', 50, 1, many),
  block_below_baseline_pct: percentSetting(
    'Suspected block: the upper bound of ASR is below this share of the earlier ASR; 0: never',
    50,
  ),
  block_below_asr_pct: percentSetting('Suspected block: the upper bound of ASR is below this; 0: never', 5),
  block_rejected_pct: percentSetting('Suspected block: at least this share of dials was rejected', 20, 0.01),
  warn_below_baseline_pct: percentSetting(
    'Warning: the upper bound of ASR is below this share of the earlier ASR; 0: never',
    80,
  ),
  warn_short_calls_pct: percentSetting('Warning: more than this share of dials were short calls; 100: never', 40),
  warn_rejected_pct: percentSetting('Warning: at least this share of dials was rejected', 10, 0.01),
};

const healthSchema = closed(toSchemas(healthFields));

/** All thresholds that a tenant judges by, as JSON. */
export const settingsSchema = closed({ ...toSchemas(plainFields), health: healthSchema });

/** Some of them, as JSON: what is left out stays. */
export const someSettingsSchema = Type.Partial(
  Type.Object({ ...toSchemas(plainFields), health: Type.Partial(Type.Object(toSchemas(healthFields))) }),
);

/** The thresholds that a tenant judges by. */
export type Settings = Static<typeof settingsSchema>;

/** The rules of caller-ID health. */
export type HealthRules = Static<typeof healthSchema>;

const defaultsOf = <Name extends string>(fields: Record<Name, SettingField>) =>
  Object.fromEntries(Object.entries<SettingField>(fields).map(([name, field]) => [name, field.default])) as Record<
    Name,
    number
  >;

/** What holds until a tenant says otherwise. */
export const defaultSettings: Settings = { ...defaultsOf(plainFields), health: defaultsOf(healthFields) };
