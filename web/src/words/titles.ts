/** What reports, columns and values are called in a language: its own name for them, or the API's. */
import type { Column, Report } from '../api/types.ts';
import type { Names } from './names.ts';

/** What is kept under a name. Names are other people's: one may be called as what every object has. */
const find = <Value>(kept: Record<string, Value>, name: string): Value | undefined =>
  Object.hasOwn(kept, name) ? kept[name] : undefined;

/** A report's title. */
export const titleOf = ({ name, title }: Report, names: Names): string => find(names.reports, name)?.title ?? title;

/** The question that a report answers. */
export const questionOf = ({ name, about }: Report, names: Names): string =>
  find(names.reports, name)?.question ?? about;

/** A column's heading, without its unit. */
export const labelOf = ({ name, label }: Column, names: Names): string =>
  find(names.columns, `${name}/${label}`) ?? find(names.columns, name) ?? label;

// Columns whose words are the API's, though it does not list them.
const codes = new Set(['stage', 'outcome', 'block_reason', 'code']);

/** One of a column's own words, as people read it. What customers call their things is theirs, and stays. */
export function wordOf(
  value: string,
  names: Names,
  { name, choices, tones }: Pick<Column, 'name' | 'choices' | 'tones'>,
): string {
  if (!choices && !tones && !codes.has(name)) return value;
  return find(names.values, value) ?? (choices || tones ? value.replaceAll('_', ' ') : value);
}
