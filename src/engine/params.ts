import { type TSchema, Type } from 'typebox';
import { type FieldErrors, InvalidParams } from '../errors.ts';
import { word } from '../shapes.ts';
import { earliestMs, endMs } from '../tables.ts';
import { findZone } from '../zones.ts';
import { dayMs, type Moment, readMoment, startOfDay, startOfMoment } from './time.ts';

/** A query string or an options object as it came: every value is text, and a name may come more than once. */
export type RawParams = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a parameter holds. */
export type ParamKind =
  | 'id'
  | 'ids'
  | 'count'
  | 'choice'
  | 'choices'
  | 'text'
  | 'address'
  | 'zone'
  | 'moment'
  | 'past-instant'
  | 'duration'
  | 'uuid'
  | 'flag';

/** One parameter: what it means, what it may be, and how its text is read. */
export interface Param<Value = unknown> {
  kind: ParamKind;
  about: string;
  /** What it may be, as a JSON schema. */
  schema: TSchema;
  /** The same in a few words. */
  values: string;
  /** What stands for a value where options are listed. */
  placeholder: string;
  /** All that it may be, where that is a few words. */
  choices?: readonly string[];
  /** The least and the most of a number. */
  bounds?: readonly [least: number, most: number];
  /** What holds when it is not given, where that is one of its values. */
  default?: string;
  /** It may have several values; in a query string its name is then `name[]`. */
  isList?: true;
  required?: true;
  /** A value as JSON has it. */
  example?: string | number;
  /** Reads a text that isn't empty. Gives the value, or the fault as a sentence about the field. */
  read(text: string, field: string, context: ReadContext): { value: Value } | { fault: string };
}

/** What reading a parameter may depend on. */
export interface ReadContext {
  /** The clock of the request, in epoch milliseconds. */
  now: number;
}

/** Parameters by name. */
export type Params = Record<string, Param>;

/** What reading `Params` gives: each value, undefined where nothing had to be given and nothing was. */
export type ParamValues<P extends Params> = {
  [Name in keyof P]: P[Name] extends Param<infer Value>
    ? P[Name] extends { required: true }
      ? Value
      : Value | undefined
    : never;
};

/** A sentence's name for a field: `agent_ids` is "agent ids". */
export const spoken = (field: string) => field.replaceAll('_', ' ');

/** A parameter's name in a query string: a list's as `agent_ids[]`. */
export const toQueryName = (name: string, { isList }: Pick<Param, 'isList'>) => (isList ? `${name}[]` : name);

function readId(text: string): number | undefined {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

const idSchema = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** A positive whole number that identifies something. */
export const id = (about: string): Param<number> => ({
  kind: 'id',
  about,
  schema: idSchema,
  values: 'integer',
  placeholder: 'n',
  read: (text, field) => {
    const value = readId(text);
    return value ? { value } : { fault: `The ${spoken(field)} must be a whole number from 1 to 9007199254740991.` };
  },
});

/** A whole number between two bounds. */
export const count = (about: string, minimum: number, maximum: number): Param<number> => ({
  kind: 'count',
  about,
  schema: Type.Integer({ minimum, maximum }),
  values: `integer, ${minimum} to ${maximum}`,
  placeholder: 'n',
  bounds: [minimum, maximum],
  read: (text, field) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= minimum && value <= maximum
      ? { value }
      : { fault: `The ${spoken(field)} must be a whole number from ${minimum} to ${maximum}.` };
  },
});

/** One of a few words. */
export const oneOf = <const Word extends string>(about: string, words: readonly Word[]): Param<Word> => ({
  kind: 'choice',
  about,
  schema: word(words),
  values: words.join(', '),
  placeholder: words.join('|'),
  choices: words,
  read: (text, field) => {
    const value = words.find((word) => word === text);
    return value ? { value } : { fault: `The ${spoken(field)} must be one of ${words.join(', ')}.` };
  },
});

/** A text of bounded length. */
export const words = (about: string, maxLength: number): Param<string> => ({
  kind: 'text',
  about,
  schema: Type.String({ maxLength }),
  values: 'string',
  placeholder: 'value',
  read: (text, field) => {
    // What stands for bytes that are no UTF-8 is nobody's text.
    if (text.includes('\ufffd')) return { fault: `The ${spoken(field)} must be text in UTF-8, as %C3%A9 is for é.` };
    // A character has one or two units: what is far too long is not counted.
    return text.length <= 2 * maxLength && [...text].length <= maxLength
      ? { value: text }
      : { fault: `The ${spoken(field)} must be at most ${maxLength} characters.` };
  },
});

/** A time zone by its TZDB name, in any case. */
export const zone = (about: string): Param<string> => ({
  kind: 'zone',
  about,
  schema: Type.String({ default: 'UTC' }),
  values: 'string',
  placeholder: 'zone',
  default: 'UTC',
  example: 'Asia/Ho_Chi_Minh',
  read: (text, field) => {
    const value = findZone(text);
    return value ? { value } : { fault: `The ${spoken(field)} must be a TZDB name such as Asia/Ho_Chi_Minh or UTC.` };
  },
});

/** An instant, or a whole calendar day. */
export const moment = (about: string): Param<Moment> => ({
  kind: 'moment',
  about,
  schema: Type.String(),
  values: 'string',
  placeholder: 'instant',
  read: (text, field) => {
    const value = readMoment(text);
    if (!value) {
      return {
        fault: `The ${spoken(field)} must be an ISO 8601 date or instant, such as 2026-06-01 or 2026-06-01T09:00:00Z.`,
      };
    }
    const ms = value.kind === 'instant' ? value.ms : startOfDay(value.date, 'UTC');
    return ms >= earliestMs && ms < endMs
      ? { value }
      : { fault: `The ${spoken(field)} must lie between 1971-01-01 and 2105-12-31.` };
  },
});

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: dayMs };

/** A span of time such as `90d`, `12h` or `30m`, in milliseconds. */
export const duration = (about: string): Param<number> => ({
  kind: 'duration',
  about,
  schema: Type.String({ pattern: '^[1-9]\\d{0,4}[mhd]$' }),
  values: 'string',
  placeholder: 'value',
  example: '90d',
  read: (text, field) => {
    const match = /^([1-9]\d{0,4})([mhd])$/.exec(text);
    return match
      ? { value: Number(match[1]) * (units[match[2] ?? ''] ?? 0) }
      : { fault: `The ${spoken(field)} must be a number of days, hours or minutes, such as 90d, 12h or 30m.` };
  },
});

/** The id of an import. */
export const uuid = (about: string): Param<string> => ({
  kind: 'uuid',
  about,
  schema: Type.String({ format: 'uuid' }),
  values: 'string',
  placeholder: 'value',
  read: (text, field) =>
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
      ? { value: text.toLowerCase() }
      : { fault: `The ${spoken(field)} must be a UUID.` },
});

/** True or false. */
export const yesOrNo = (about: string): Param<boolean> => ({
  kind: 'flag',
  about,
  schema: Type.Boolean(),
  values: 'boolean',
  placeholder: '0|1',
  read: (text, field) => {
    const found = ({ true: true, '1': true, false: false, '0': false } as Record<string, boolean>)[text.toLowerCase()];
    return found === undefined ? { fault: `The ${spoken(field)} must be true, false, 1 or 0.` } : { value: found };
  },
});

/** An instant that is not in the future, in epoch milliseconds; a date is its first instant in UTC. */
export const pastInstant = (about: string): Param<number> => ({
  kind: 'past-instant',
  about,
  schema: Type.String(),
  values: 'string',
  placeholder: 'instant',
  read: (text, field, context) => {
    const found = moment('').read(text, field, context);
    if ('fault' in found) return found;
    const ms = startOfMoment(found.value, 'UTC');
    return ms <= context.now ? { value: ms } : { fault: `The ${spoken(field)} must not be in the future.` };
  },
});

/** Several ids: `agent_ids[]=25&agent_ids[]=26`, `agent_ids[0]=25` or `agent_ids=25,26`. */
export const ids = (about: string): Param<readonly number[]> => ({
  kind: 'ids',
  about,
  schema: Type.Array(idSchema),
  values: 'integers',
  placeholder: 'ids',
  isList: true,
  read: (text, field) => {
    const values = text.split(',').map((part) => readId(part.trim()));
    return values.every((found) => found !== undefined)
      ? { value: [...new Set(values)] }
      : { fault: `The ${spoken(field)} must be whole numbers from 1 to 9007199254740991.` };
  },
});

/** Reads every parameter; unknown ones are ignored. Throws InvalidParams, naming every bad field at once. */
export function readParams<P extends Params>(
  declared: P,
  raw: RawParams,
  context: ReadContext,
  check?: (values: Partial<ParamValues<P>>, errors: FieldErrors) => void,
): ParamValues<P> {
  const errors: FieldErrors = {};
  const values: Record<string, unknown> = {};
  for (const [field, param] of Object.entries(declared)) {
    const { isList = false } = param;
    const given = textsOf(raw, field, isList).filter((text) => text.trim() !== '');
    const [text] = isList ? [given.join(',')] : given;
    if (!isList && given.length > 1) errors[field] = [`The ${spoken(field)} may be given only once.`];
    else if (!text) {
      if (param.required) errors[field] = [`The ${spoken(field)} field is required.`];
    } else {
      // Rows are kept composed: what is looked for in them is, too.
      const found = param.read(text.trim().normalize('NFC'), field, context);
      if ('value' in found) values[field] = found.value;
      else errors[field] = [found.fault];
    }
  }
  check?.(values as ParamValues<P>, errors);
  if (Object.keys(errors).length > 0) throw new InvalidParams(errors);
  return values as ParamValues<P>;
}

/** All texts given for a field; a list's also under `field[]` and `field[0]`. */
function textsOf(raw: RawParams, field: string, isList: boolean): string[] {
  const names = Object.keys(raw).filter(
    (key) => key === field || (isList && key.startsWith(`${field}[`) && /^\[\d*\]$/.test(key.slice(field.length))),
  );
  const texts = names.flatMap((key) => raw[key] ?? []);
  return isList ? texts.flatMap((text) => text.split(',')) : texts;
}
