/**
 * What can be wrong with a field that somebody sends: an id and its data, and the words for it. Where it is found nobody makes a
 * sentence; whoever shows it says how a field is called there (over HTTP `date_from`, on the command line `--from`).
 */

/** The data of each fault, by its id. Clients of other versions know both: what an id has stays, and what means something else is another id. */
interface FaultData {
  required: object;
  required_with: { other: string; value: string };
  only_with: { other: string; value: string };
  given_twice: object;
  not_plain: object;
  not_plain_list: object;
  not_whole: { least: number; most: number };
  not_whole_list: { least: number; most: number };
  not_decimal: { decimals: number; least: number; most: number };
  not_one_of: { words: readonly string[] };
  not_some_of: { words: readonly string[] };
  not_utf8: object;
  half_character: object;
  too_long: { most: number };
  not_compared_with: { words: readonly string[] };
  ends_not_after: object;
  ends_too_long: { days: number };
  too_many_compared: { most: number };
  not_zone: object;
  not_moment: object;
  out_of_time: { first: string; last: string };
  in_future: object;
  not_duration: object;
  not_uuid: object;
  not_cursor: object;
  not_yes_or_no: object;
  not_after: { other: string };
  span_too_long: { other: string; days: number };
  not_spelled_so: { rule: string };
  not_object: object;
  not_json_in_utf8: object;
  too_many_params: { most: number };
  no_tenant: object;
  not_a_key: object;
  not_absolute: object;
  not_a_phone: object;
  not_texts: { most: number };
  control_character: { text: string };
  name_too_long: { most: number };
  name_with_half: object;
  no_ids_left: { below: number; kind: string };
  not_a_webhook: object;
  not_public: { address: string };
  not_live: object;
  no_live_history: object;
  nothing_beside_stream: object;
  too_many_rows: { most: number };
  not_settings: object;
  not_rules: object;
  too_many_settings: { most: number };
  no_such_setting: { words: readonly string[] };
  warning_after_block: { warning: string; block: string; side: 'above' | 'below' };
  lead_not_alone: object;
  nothing_to_purge: object;
  /** In the words of a server of another version. */
  told: { sentence: string };
}

type FaultId = keyof FaultData;

/** What is wrong with a value, whichever field has it. */
export type ValueFault = { [Id in FaultId]: { id: Id } & FaultData[Id] }[FaultId];

/** What is wrong with a field. */
export type ParamFault = { [Id in FaultId]: { id: Id; field: string } & FaultData[Id] }[FaultId];

/** What an answer says of each bad field: the field's name, and one sentence for every fault. */
export type FieldErrors = Record<string, string[]>;

/** What each fault says. */
export type FaultWords = {
  [Id in FaultId]: (fault: FaultData[Id] & { field: string }, surface: Surface) => string;
};

/** Where faults are shown: how a field is called there, and what is said otherwise than elsewhere. */
export interface Surface {
  /** As a sentence begins: `The date from`, `--from`. */
  The(field: string): string;
  /** Within a sentence: `the date from`, `--from`. */
  the(field: string): string;
  /** As whoever is told types it: `date_from`, `--from`. */
  typed(field: string): string;
  words: Partial<FaultWords>;
}

const words: FaultWords = {
  required: ({ field }, { The }) => `${The(field)} field is required.`,
  required_with: ({ field, other, value }, { The, typed }) =>
    `${The(field)} field is required with ${typed(other)} ${value}.`,
  only_with: ({ field, other, value }, { The, typed }) =>
    `${The(field)} may only be given with ${typed(other)} ${value}.`,
  given_twice: ({ field }, { The }) => `${The(field)} may be given only once.`,
  not_plain: ({ field }, { The }) => `${The(field)} must be one value, such as a text or a number.`,
  not_plain_list: ({ field }, { The }) => `${The(field)} must be a list of texts or numbers.`,
  not_whole: ({ field, least, most }, { The }) => `${The(field)} must be a whole number from ${least} to ${most}.`,
  not_whole_list: ({ field, least, most }, { The }) => `${The(field)} must be whole numbers from ${least} to ${most}.`,
  not_decimal: ({ field, decimals, least, most }, { The }) =>
    `${The(field)} must be a number with at most ${decimals} decimals from ${least} to ${most}.`,
  not_one_of: ({ field, words }, { The }) => `${The(field)} must be one of ${words.join(', ')}.`,
  not_some_of: ({ field, words }, { The }) => `${The(field)} must be some of ${words.join(', ')}.`,
  not_utf8: ({ field }, { The }) => `${The(field)} must be text in UTF-8, as %C3%A9 is for é.`,
  half_character: ({ field }, { The }) =>
    `${The(field)} must be text: it has half a character in it (a lone surrogate such as \\ud800).`,
  too_long: ({ field, most }, { The }) => `${The(field)} must be at most ${most} characters.`,
  not_compared_with: ({ field, words }, { The }) =>
    `${The(field)} must be one of ${words.join(', ')}, or two ISO 8601 dates or instants such as 2026-05-01..2026-05-31.`,
  ends_not_after: ({ field }, { The }) => `${The(field)} must end after it begins.`,
  ends_too_long: ({ field, days }, { The }) => `${The(field)} may not exceed ${days} days.`,
  too_many_compared: ({ most }) =>
    `The report has more than ${most.toLocaleString('en')} rows, too many to compare. Narrow it by a filter or a shorter window.`,
  not_zone: ({ field }, { The }) => `${The(field)} must be a TZDB name such as Asia/Ho_Chi_Minh or UTC.`,
  not_moment: ({ field }, { The }) =>
    `${The(field)} must be an ISO 8601 date or instant, such as 2026-06-01 or 2026-06-01T09:00:00Z.`,
  out_of_time: ({ field, first, last }, { The }) => `${The(field)} must lie between ${first} and ${last}.`,
  in_future: ({ field }, { The }) => `${The(field)} must not be in the future.`,
  not_duration: ({ field }, { The }) =>
    `${The(field)} must be a number of days, hours or minutes, such as 90d, 12h or 30m.`,
  not_uuid: ({ field }, { The }) => `${The(field)} must be a UUID.`,
  not_cursor: ({ field }, { The, typed }) => `${The(field)} must be ${typed('next')} of the page before, as it came.`,
  not_yes_or_no: ({ field }, { The }) => `${The(field)} must be true, false, 1 or 0.`,
  not_after: ({ field, other }, { The, the }) => `${The(field)} must be after ${the(other)}.`,
  span_too_long: ({ field, other, days }, { typed }) =>
    `The ${typed(other)}..${typed(field)} range may not exceed ${days} days.`,
  not_spelled_so: ({ rule }) => rule,
  not_object: ({ field }, { The }) => `${The(field)} must be a JSON object.`,
  not_json_in_utf8: ({ field }, { The }) => `${The(field)} must be JSON in UTF-8.`,
  too_many_params: ({ most }) => `The address has more than ${most} parameters.`,
  no_tenant: () => 'Name the tenant in the header Dialtally-Tenant: a whole number from 1.',
  not_a_key: ({ field }, { The }) => `${The(field)} must be 1 to 255 visible ASCII characters, without spaces.`,
  not_absolute: ({ field }, { The }) => `${The(field)} must be an absolute path.`,
  not_a_phone: ({ field }, { The }) => `${The(field)} must be one phone number, on one line.`,
  not_texts: ({ field, most }, { The }) => `${The(field)} must be a list of at most ${most} texts.`,
  control_character: ({ field, text }, { The }) =>
    `${The(field)} must not have control characters in them: ${JSON.stringify(text)} has.`,
  name_too_long: ({ most }) => `A name may have at most ${most} characters.`,
  name_with_half: () => 'A name has half a character in it (a lone surrogate). Write it as text.',
  no_ids_left: ({ below, kind }) => `No ids below ${below} are left for names of kind ${kind}.`,
  not_a_webhook: ({ field }, { The }) =>
    `${The(field)} must look like https://example.com/dialtally, without a user or password.`,
  not_public: ({ field, address }, { The }) =>
    `${The(field)} is on ${address}, which is not a public address. The operator may allow its network.`,
  not_live: ({ field }, { the }) => `A stream is live: ${the(field)} field may not be given.`,
  no_live_history: () => 'A stream is live: ask the report for its history.',
  nothing_beside_stream: ({ field }, { the }) =>
    `A stream is data alone: ask the report for what ${the(field)} field names.`,
  too_many_rows: ({ most }) =>
    `There are more than ${most.toLocaleString('en')} rows, too many for an Excel file. Take csv.`,
  not_settings: () => 'Send a JSON object of settings.',
  not_rules: ({ field }, { The }) => `${The(field)} must be an object of rules.`,
  too_many_settings: ({ most }) => `More than ${most} settings were sent, and there are not as many.`,
  no_such_setting: ({ words }) => `There is no such setting. There are ${words.join(', ')}.`,
  warning_after_block: ({ warning, block, side }) =>
    `The ${warning} must not be ${side} the ${block}: a warning comes before a block.`,
  lead_not_alone: ({ field }, { the }) => `A lead is purged as a whole: give ${the(field)} alone.`,
  nothing_to_purge: (_, { the, typed }) =>
    `Give ${the('table')} calls with ${typed('from')} and ${typed('to')}, or ${the('lead')}.`,
  told: ({ sentence }) => sentence,
};

const spoken = (field: string) => field.replaceAll(/[_.]/g, ' ');

/** How fields are called in the answers of the API. */
const api: Surface = {
  The: (field) => `The ${spoken(field)}`,
  the: (field) => `the ${spoken(field)}`,
  typed: (field) => field,
  words: {},
};

/** A fault as a sentence. */
export function toSentence(fault: ParamFault, surface: Surface = api): string {
  const say = (surface.words[fault.id] ?? words[fault.id]) as (fault: ParamFault, surface: Surface) => string;
  return say(fault, surface);
}

/** The sentences of faults by their fields, in the order in which each was first named. */
export function toFieldErrors(faults: readonly ParamFault[]): FieldErrors {
  // A map: a field may be called `__proto__`.
  const errors = new Map<string, string[]>();
  for (const fault of faults) errors.set(fault.field, [...(errors.get(fault.field) ?? []), toSentence(fault)]);
  return Object.fromEntries(errors);
}

/** Whether a field has a fault already. */
export const isBlamed = (faults: readonly ParamFault[], field: string) => faults.some((one) => one.field === field);

/** Whether a value from a server, perhaps of another version, is a fault that there are words for here. */
export function isParamFault(value: unknown): value is ParamFault {
  const { id, field } = (value ?? {}) as { id?: unknown; field?: unknown };
  return typeof id === 'string' && Object.hasOwn(words, id) && typeof field === 'string';
}
