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
export const labelOf = ({ name, label }: Column, names: Names): string => find(names.columns, name) ?? label;

/** One of a column's own words. */
export const wordOf = (value: string, names: Names): string => find(names.values, value) ?? value;
