/** What went wrong, as the command line says it: what a server calls fields are options here. */
import { readConfig } from '../../config.ts';
import { isSettingName } from '../../engine/setting-fields.ts';
import { BadOptions, DialtallyError, InvalidParams } from '../../errors.ts';
import { type Surface, toSentence } from '../../faults.ts';

/** Options that are called otherwise than the parameters they become. */
const optionNames: Record<string, string> = {
  date_from: '--from',
  date_to: '--to',
  campaign_id: '--campaign',
  team_id: '--team',
  agent_ids: '--agents',
  country_code: '--country',
};

/** The option that gives a parameter. */
export function toOptionName(field: string): string {
  if (isSettingName(field)) return `--set ${field}`;
  return optionNames[field] ?? `--${field.replaceAll('_', '-')}`;
}

/** How fields are called on the command line, and what is not said as over HTTP. */
const commandLine: Surface = {
  The: toOptionName,
  the: toOptionName,
  typed: toOptionName,
  words: {
    required: ({ field }, { The }) => `${The(field)} is required.`,
    required_with: ({ field, other, value }, { The, typed }) =>
      `${The(field)} is required with ${typed(other)} ${value}.`,
    not_utf8: ({ field }, { The }) => `${The(field)} must be text in UTF-8.`,
    not_spelled_so: ({ field, rule }, { The }) => `${The(field)}: ${rule}`,
    told: ({ field, sentence }, { The }) => `${The(field)}: ${sentence}`,
    nothing_to_purge: (_, { typed }) =>
      `Give ${typed('table')} calls with ${typed('from')} and ${typed('to')}, or ${typed('lead')} ID.`,
    no_tenant: ({ field }, { typed }) => `Name the tenant: ${typed(field)} N, a whole number from 1.`,
    too_many_rows: ({ field, most }, { typed }) =>
      `There are more than ${most.toLocaleString('en')} rows, too many for an Excel file. Take ${typed(field)} csv.`,
    not_cursor: ({ field }, { The }) => `${The(field)} must be "next" of the page before, as --format json has it.`,
    not_rules: ({ field }) => `--set ${field}: It has rules. Set them one by one, such as --set ${field}.min_dials=20.`,
    no_such_setting: ({ field, words }) => `--set ${field}: There is no such setting. There are ${words.join(', ')}.`,
    warning_after_block: ({ field, warning, block, side }, { The }) =>
      `${The(field)}: The ${warning} must not be ${side} the ${block}: a warning comes before a block.`,
  },
};

/** The same error with its fields under the names of a command that calls some otherwise than all others do. */
export function inNamesOf(error: unknown, names: Readonly<Record<string, string>>): unknown {
  if (!(error instanceof InvalidParams)) return error;
  return new InvalidParams(error.faults.map((fault) => ({ ...fault, field: names[fault.field] ?? fault.field })));
}

/** What went wrong, in lines for a person: the message, and every bad option with its faults. */
export function toLines(error: unknown): string[] {
  if (error instanceof InvalidParams) return error.faults.map((fault) => toSentence(fault, commandLine));
  if (error instanceof BadOptions) return [...error.sentences];
  if (error instanceof DialtallyError) return [error.message];
  const { message, code, syscall, stack } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET') return ['The server stopped before it had answered. Do it again.'];
  if (code && syscall) return [message.replace(/^\w+: /, '')];
  const firstLine = String(message ?? error).split('\n')[0];
  if (/^(debug|trace)$/.test(logLevel())) return [String(stack ?? error)];
  return [`Something went wrong on our side: ${firstLine} (LOG_LEVEL=debug shows where)`];
}

function logLevel(): string {
  try {
    return readConfig().logLevel;
  } catch {
    return 'info';
  }
}
