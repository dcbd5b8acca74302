/** What a single setting can be, a whole number or a percentage, and how a value is checked and described. */
import { type TNumberOptions, type TSchema, type TUnsafe, Type } from 'typebox';
import type { ValueFault } from '../faults.ts';

/** A kind of setting: which numbers it may be, and how that is said. */
export interface SettingKind {
  /** The texts that are one, whatever its bounds. */
  form: RegExp;
  /** In a word, for tables. */
  name: string;
  /** What is wrong with a value that it may not be. */
  fault(least: number, most: number): ValueFault;
  /** What the form forbids beyond the schema's type, for the schema's description. */
  remark: string;
  schema(options: TNumberOptions): TSchema;
}

const whole: SettingKind = {
  form: /^\d{1,9}$/,
  name: 'whole number',
  fault: (least, most) => ({ id: 'not_whole', least, most }),
  remark: '',
  schema: Type.Integer,
};

const percentage: SettingKind = {
  form: /^\d{1,3}(\.\d{1,2})?$/,
  name: 'percent',
  fault: (least, most) => ({ id: 'not_decimal', decimals: 2, least, most }),
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

/** Reads a JSON value. Gives the number, or what is wrong with it. */
export function readSetting(
  { kind, minimum, maximum }: SettingField,
  value: unknown,
): { value: number } | { fault: ValueFault } {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const isGood = kind.form.test(text) && Number(text) >= minimum && Number(text) <= maximum;
  return isGood ? { value: Number(text) } : { fault: kind.fault(minimum, maximum) };
}
