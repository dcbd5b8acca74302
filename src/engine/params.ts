/** The kinds of parameters that requests and commands take: what each may be, how its text is read, and what is wrong with it. */
import { type TSchema, Type } from 'typebox';
import { cleanText } from '../clean-text.ts';
import { InvalidParams } from '../errors.ts';
import type { ParamFault, ValueFault } from '../faults.ts';
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
  | 'compared-with'
  | 'past-instant'
  | 'duration'
  | 'uuid'
  | 'cursor'
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
  /** Reads a text that isn't empty. Gives the value, or what is wrong with it. */
  read(text: string, context: ReadContext): { value: Value } | { fault: ValueFault };
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

/** A parameter's name in a query string: a list's as `agent_ids[]`. */
export const toQueryName = (name: string, { isList }: Pick<Param, 'isList'>) => (isList ? `${name}[]` : name);

function readId(text: string): number | undefined {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  return value >= idBounds.least && value <= idBounds.most ? value : undefined;
}

const idBounds = { least: 1, most: Number.MAX_SAFE_INTEGER };
const idSchema = Type.Integer({ minimum: idBounds.least, maximum: idBounds.most });

/** A positive whole number that identifies something. */
export const id = (about: string): Param<number> => ({
  kind: 'id',
  about,
  schema: idSchema,
  values: 'integer',
  placeholder: 'n',
  read: (text) => {
    const value = readId(text);
    return value ? { value } : { fault: { id: 'not_whole', ...idBounds } };
  },
});

/** A whole number that names something, or 0 where there is none. */
export const naturalNumber = (about: string): Param<number> => ({
  ...id(about),
  schema: Type.Integer({ minimum: 0, maximum: idBounds.most }),
  read: (text) => {
    const value = /^0+$/.test(text) ? 0 : readId(text);
    return value === undefined ? { fault: { id: 'not_whole', least: 0, most: idBounds.most } } : { value };
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
  read: (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= minimum && value <= maximum
      ? { value }
      : { fault: { id: 'not_whole', least: minimum, most: maximum } };
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
  read: (text) => {
    const value = words.find((word) => word === text);
    return value ? { value } : { fault: { id: 'not_one_of', words } };
  },
});

/** Some of a few words: `with=about`, or `with[]=about`. */
export const someOf = <const Word extends string>(about: string, words: readonly Word[]): Param<readonly Word[]> => ({
  kind: 'choices',
  about,
  schema: Type.Array(word(words)),
  values: `some of ${words.join(', ')}`,
  placeholder: words.join('|'),
  choices: words,
  isList: true,
  read: (text) => {
    const values = text.split(',').map((part) => words.find((word) => word === part.trim()));
    return values.every((found) => found !== undefined)
      ? { value: [...new Set(values)] }
      : { fault: { id: 'not_some_of', words } };
  },
});

/** A text of bounded length. */
export const words = (about: string, maxLength: number): Param<string> => {
  const any = rowText(about, maxLength);
  // What stands for bytes that are no UTF-8 is nobody's text.
  return {
    ...any,
    read: (text, context) => (text.includes('\ufffd') ? { fault: { id: 'not_utf8' } } : any.read(text, context)),
  };
};

/** A text that a row may have, to the letter. */
export const rowText = (about: string, maxLength: number): Param<string> => ({
  kind: 'text',
  about,
  schema: Type.String({ maxLength }),
  values: 'string',
  placeholder: 'value',
  // A character has one or two units: what is far too long is not counted.
  read: (text) => {
    if (!text.isWellFormed()) return { fault: { id: 'not_utf8' } };
    return text.length <= 2 * maxLength && [...text].length <= maxLength
      ? { value: text }
      : { fault: { id: 'too_long', most: maxLength } };
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
  read: (text) => {
    const value = findZone(text);
    return value ? { value } : { fault: { id: 'not_zone' } };
  },
});

/** An instant, or a whole calendar day. */
export const moment = (about: string): Param<Moment> => ({
  kind: 'moment',
  about,
  schema: Type.String(),
  values: 'string',
  placeholder: 'instant',
  read: (text) => {
    const value = readMoment(text);
    if (!value) return { fault: { id: 'not_moment' } };
    const ms = value.kind === 'instant' ? value.ms : startOfDay(value.date, 'UTC');
    return ms >= earliestMs && ms < endMs
      ? { value }
      : { fault: { id: 'out_of_time', first: '1971-01-01', last: '2105-12-31' } };
  },
});

/** What another window is named by: a word, or its two ends. */
export type ComparedWith = { kind: ComparedWord } | { kind: 'given'; from: Moment; to: Moment };

/** The windows that a word names. */
export const comparedWords = ['previous', 'week', 'year'] as const;
/** One of them. */
export type ComparedWord = (typeof comparedWords)[number];

/** A window to compare with: a word, or two moments as `2026-05-01..2026-05-31`. */
export const comparedWith = (about: string): Param<ComparedWith> => ({
  kind: 'compared-with',
  about,
  schema: Type.String(),
  values: `${comparedWords.join(', ')} or FROM..TO`,
  placeholder: 'window',
  example: 'previous',
  read: (text, context) => {
    const kind = comparedWords.find((word) => word === text);
    if (kind) return { value: { kind } };
    const [first, last, more] = text.split('..').map((end) => moment('').read(end.trim(), context));
    const bad = [first, last].flatMap((end) => (end && 'fault' in end ? [end.fault] : []));
    if (!first || !last || more || bad.some(({ id }) => id === 'not_moment'))
      return { fault: { id: 'not_compared_with', words: comparedWords } };
    if ('fault' in first) return first;
    if ('fault' in last) return last;
    return { value: { kind: 'given', from: first.value, to: last.value } };
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
  read: (text) => {
    const match = /^([1-9]\d{0,4})([mhd])$/.exec(text);
    return match ? { value: Number(match[1]) * (units[match[2] ?? ''] ?? 0) } : { fault: { id: 'not_duration' } };
  },
});

/** The id of an import. */
export const uuid = (about: string): Param<string> => ({
  kind: 'uuid',
  about,
  schema: Type.String({ format: 'uuid' }),
  values: 'string',
  placeholder: 'value',
  read: (text) =>
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
      ? { value: text.toLowerCase() }
      : { fault: { id: 'not_uuid' } },
});

/** True or false. */
export const yesOrNo = (about: string): Param<boolean> => ({
  kind: 'flag',
  about,
  schema: Type.Boolean(),
  values: 'boolean',
  placeholder: '0|1',
  read: (text) => {
    const found = ({ true: true, '1': true, false: false, '0': false } as Record<string, boolean>)[text.toLowerCase()];
    return found === undefined ? { fault: { id: 'not_yes_or_no' } } : { value: found };
  },
});

/** An instant that is not in the future, in epoch milliseconds; a date is its first instant in UTC. */
export const pastInstant = (about: string): Param<number> => ({
  kind: 'past-instant',
  about,
  schema: Type.String(),
  values: 'string',
  placeholder: 'instant',
  read: (text, context) => {
    const found = moment('').read(text, context);
    if ('fault' in found) return found;
    const ms = startOfMoment(found.value, 'UTC');
    return ms <= context.now ? { value: ms } : { fault: { id: 'in_future' } };
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
  read: (text) => {
    const values = text.split(',').map((part) => readId(part.trim()));
    return values.every((found) => found !== undefined)
      ? { value: [...new Set(values)] }
      : { fault: { id: 'not_whole_list', ...idBounds } };
  },
});

/** Reads every parameter; unknown ones are ignored. Throws InvalidParams, naming every bad field at once. */
export function readParams<P extends Params>(
  declared: P,
  raw: RawParams,
  context: ReadContext,
  check?: (values: Partial<ParamValues<P>>, faults: ParamFault[]) => void,
): ParamValues<P> {
  const faults: ParamFault[] = [];
  const values: Record<string, unknown> = {};
  for (const [field, param] of Object.entries(declared)) {
    const { isList = false } = param;
    // As rows are kept: what is looked for in them is their text to the letter.
    const given = textsOf(raw, field, isList)
      .map(cleanText)
      .filter((text) => text !== '');
    const [text] = isList ? [given.join(',')] : given;
    if (!isList && given.length > 1) faults.push({ id: 'given_twice', field });
    else if (!text) {
      if (param.required) faults.push({ id: 'required', field });
    } else {
      const found = param.read(text, context);
      if ('value' in found) values[field] = found.value;
      else faults.push({ ...found.fault, field });
    }
  }
  check?.(values as ParamValues<P>, faults);
  if (faults.length > 0) throw new InvalidParams(faults);
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
