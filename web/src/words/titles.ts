/** What reports, columns and values are called in a language: its own name for them, or the API's. */
import type { Column, Report } from '../api/types.ts';
import type { Names } from './names.ts';

/** A report's title. */
export const titleOf = ({ name, title }: Report, names: Names): string => names.reports[name]?.title ?? title;

/** The question that a report answers. */
export const questionOf = ({ name, about }: Report, names: Names): string => names.reports[name]?.question ?? about;

/** A column's heading, without its unit. */
export const labelOf = ({ name, label }: Column, names: Names): string => names.columns[name] ?? label;

/** One of a column's own words. */
export const wordOf = (value: string, names: Names): string => names.values[value] ?? value;
