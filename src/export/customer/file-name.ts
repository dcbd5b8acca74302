/** File names as a customer's package writes them: which placeholders they may have, and how these are filled. */
import { Temporal } from 'temporal-polyfill';
import { didYouMean } from '../../document/suggestion.ts';
import { fileFormatNames } from '../../engine/file-formats.ts';
import type { ExportFacts } from '../layout.ts';

/** What may stand in braces in a file name. */
export const fileNamePlaceholders = {
  report: 'the name of the report, such as time-series',
  tenant: 'the name of the tenant',
  tenant_id: 'the number of the tenant',
  campaign: 'the number of the campaign, if the report is narrowed to one',
  from: 'the first day of the window; with the time, if it begins within a day',
  to: 'the last day of the window; with the time, if it ends within a day',
  timezone: 'the time zone, such as Asia-Ho_Chi_Minh',
  made: 'the day on which the file was made',
} as const;

type Placeholder = keyof typeof fileNamePlaceholders;

const inBraces = /\{([^{}]*)\}/g;
const withEnding = new RegExp(`\\.(${fileFormatNames.join('|')})$`, 'i');
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** What is wrong with a pattern for file names, or undefined. */
export function faultInFileName(pattern: string): string | undefined {
  for (const [, name = ''] of pattern.matchAll(inBraces)) {
    if (!Object.hasOwn(fileNamePlaceholders, name)) {
      const known = Object.keys(fileNamePlaceholders);
      return `{${name}} is no placeholder.${didYouMean(name, known)} There are ${known.map((one) => `{${one}}`).join(', ')}.`;
    }
  }
  const literal = pattern.replace(inBraces, '');
  if (/[{}]/.test(literal)) return 'A brace stands alone. Write a placeholder as {report}.';
  if (/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069/\\:*?"<>|]/u.test(literal)) {
    return 'A file name can\u2019t have / \\ : * ? " < > | or control characters. Take them out.';
  }
  if (withEnding.test(pattern))
    return 'Leave the ending out: .csv, .xlsx or that of another format is put behind the name.';
  if (/^[\s.~]|[\s.]$/.test(pattern)) return 'It must begin and end with a letter, a digit or a placeholder.';
  if (reserved.test(pattern)) return 'Windows keeps this name for a device. Take another one.';
  return undefined;
}

/** The file's name, without its ending. A placeholder that has nothing to say goes with the separator before it. */
export function fillFileName(pattern: string, facts: ExportFacts): string {
  const values = toValues(facts);
  const filled = pattern.replace(inBraces, (_, name: Placeholder) => toSafe(values[name]) || '\0');
  const closed = filled.replace(/[-_. ]*\0/g, '').replace(/^[-_. ]+|[-_. ]+$/g, '');
  return cut(closed) || facts.report.name;
}

// File systems take 255 bytes.
function cut(name: string): string {
  let kept = '';
  for (const char of name) {
    if (Buffer.byteLength(kept + char) > 200) break;
    kept += char;
  }
  return kept.trimEnd();
}

function toValues({ report, tenant, filters, window, timezone, madeAt }: ExportFacts): Record<Placeholder, string> {
  const local = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone);
  return {
    report: report.name,
    tenant: tenant.name,
    tenant_id: String(tenant.tenant_id),
    campaign: filters.campaignId === undefined ? '' : String(filters.campaignId),
    from: window ? toDay(local(window.from), local(window.from)) : '',
    to: window ? toDay(local(window.to), local(window.to - 1)) : '',
    timezone,
    made: local(madeAt).toPlainDate().toString(),
  };
}

/** The day alone when the end of a window is where a day begins. */
function toDay(end: Temporal.ZonedDateTime, within: Temporal.ZonedDateTime): string {
  if (end.equals(end.startOfDay())) return within.toPlainDate().toString();
  return `${end.toPlainDate()} ${end.toPlainTime().toString({ smallestUnit: 'minute' }).replace(':', '')}`;
}

function toSafe(value: string): string {
  return value.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Z}/\\:*?"<>|]+/gu, '-').replace(/^[\s.~-]+|[\s.-]+$/g, '');
}
