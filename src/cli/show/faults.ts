import { readConfig } from '../../config.ts';
import { DialtallyError, InvalidParams } from '../../errors.ts';

/** Options that are called otherwise than the parameters they become. */
const optionNames: Record<string, string> = {
  date_from: '--from',
  date_to: '--to',
  campaign_id: '--campaign',
  team_id: '--team',
  agent_ids: '--agents',
  agent_id: '--agent',
  country_code: '--country',
};

/** The option that gives a parameter. */
export function toOptionName(field: string): string {
  return optionNames[field] ?? `--${field.replaceAll('_', '-')}`;
}

/** What went wrong, in lines for a person: the message, and every bad option with its faults. */
export function toLines(error: unknown): string[] {
  if (error instanceof InvalidParams) {
    return Object.entries(error.errors).flatMap(([field, faults]) => faults.map((fault) => toSentence(field, fault)));
  }
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

/** A fault's sentence about a field as one about the option: "The date to must be after the date from." */
function toSentence(field: string, fault: string): string {
  const option = toOptionName(field);
  let sentence = fault.replace(new RegExp(`^The ${toWords(field)}( field)?\\b`), option);
  for (const [name, other] of Object.entries(optionNames)) {
    sentence = sentence.replace(new RegExp(`\\bthe ${toWords(name)}\\b|\\b${name}\\b`, 'gi'), other);
  }
  return sentence.includes(option) ? sentence : `${option}: ${sentence}`;
}

const toWords = (field: string) => field.replaceAll('_', ' ');
