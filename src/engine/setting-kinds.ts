import { type TNumberOptions, type TSchema, type TUnsafe, Type } from 'typebox';

/** A kind of setting: which numbers it may be, and how that is said. */
export interface SettingKind {
  /** The texts that are one, whatever its bounds. */
  form: RegExp;
  /** In a word, for tables. */
  name: string;
  /** What a bad value should have been, for sentences. */
  rule: string;
  /** What the form forbids beyond the schema's type, for the schema's description. */
  remark: string;
  schema(options: TNumberOptions): TSchema;
}

const whole: SettingKind = {
  form: /^\d{1,9}$/,
  name: 'whole number',
  rule: 'a whole number',
  remark: '',
  schema: Type.Integer,
};

const percentage: SettingKind = {
  form: /^\d{1,3}(\.\d{1,2})?$/,
  name: 'percent',
  rule: 'a number with at most 2 decimals',
  remark: ' (at most 2 decimals)',
  schema: Type.Number,
};

/** One setting: what it means, what it may be, and what holds until a tenant says otherwise. */
export interface SettingField {
  kind: SettingKind;
  about: string;
  default: number;
  minimum: number;
  maximum: number;
}

/** A number of things, seconds or days. */
export const countSetting = (about: string, fallback: number, minimum: number, maximum: number): SettingField => ({
  kind: whole,
  about,
  default: fallback,
  minimum,
  maximum,
});

/** A share of 100. */
export const percentSetting = (about: string, fallback: number, minimum = 0): SettingField => ({
  kind: percentage,
  about,
  default: fallback,
  minimum,
  maximum: 100,
});

/** The JSON schemas of settings, by their names. */
export function toSchemas<Name extends string>(fields: Record<Name, SettingField>): Record<Name, TUnsafe<number>> {
  const toSchema = ({ kind, about, default: fallback, minimum, maximum }: SettingField) =>
    kind.schema({ minimum, maximum, default: fallback, description: about + kind.remark });
  const entries = Object.entries<SettingField>(fields).map(([name, field]) => [name, toSchema(field)]);
  return Object.fromEntries(entries) as Record<Name, TUnsafe<number>>;
}

/** What a setting may be, in a few words: `percent, 0 to 100`. */
export const toRange = ({ kind, minimum, maximum }: SettingField) => `${kind.name}, ${minimum} to ${maximum}`;

/** What a bad value should have been: `a whole number from 1 to 365`. */
export const toSettingRule = ({ kind, minimum, maximum }: SettingField) => `${kind.rule} from ${minimum} to ${maximum}`;

/** Reads a JSON value; undefined for what the setting may not be. */
export function readSetting({ kind, minimum, maximum }: SettingField, value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  if (!kind.form.test(text)) return undefined;
  return Number(text) >= minimum && Number(text) <= maximum ? Number(text) : undefined;
}
