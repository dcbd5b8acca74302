/** Asks for an answer that a person reads as a table, a program as JSON, and others as a file. */
import type { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import { isFileFormat } from '../../engine/file-formats.ts';
import { type Door, type DoorOptions, tenantAt, through } from '../server/door.ts';
import { askText, send } from '../server/request.ts';
import { toColored } from '../show/changes.ts';
import { printError } from '../show/print.ts';
import { type AnswerFormat, answerFormats, assertPrintable, formatFor, writeAnswer } from './answer-file.ts';

/** Whose answer, and where it goes as what. */
export interface AnswerOptions extends DoorOptions {
  tenant?: number;
  format?: AnswerFormat;
  out?: string;
}

/** What is asked of whom. */
export interface AskedPath {
  path: string;
  query: readonly (readonly [name: string, value: string])[];
  tenantId: number;
}

/** Adds the options that say how an answer is written, and where. */
export function withAnswer(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how to write it (default: table)').choices(answerFormats))
    .option('--out <file>', 'write there; its ending may say the format');
}

/** Asks a path, and writes its answer as the options say; `toTable` makes a text for a person of its JSON. */
export async function askAndWrite(
  options: AnswerOptions,
  { path, query }: Pick<AskedPath, 'path' | 'query'>,
  toTable: (door: Door, answered: AskedPath & { json: string }) => Promise<string>,
): Promise<void> {
  const { out, tenant } = options;
  const format = formatFor(options.format, out);
  assertPrintable(format, out);
  const askOf = async (door: Door): Promise<string | Readable> => {
    const asked = { path, query, tenantId: await tenantAt(door, tenant) };
    if (isFileFormat(format)) return askFile(door, asked, format);
    const json = await askText(door, asked);
    return format === 'json' ? `${json}\n` : toTable(door, { ...asked, json });
  };
  // Node knows which terminals take colors, and who wants none (NO_COLOR).
  const isColored = format === 'table' && out === undefined && process.stdout.isTTY && process.stdout.hasColors();
  await through(
    options,
    async (door) => {
      const answer = await askOf(door);
      if (isColored && typeof answer === 'string') process.stdout.write(toColored(answer));
      else await writeAnswer(answer, out);
    },
    { mustExist: true },
  );
}

async function askFile(door: Door, asked: AskedPath, format: string): Promise<Readable> {
  const form = [['format', format] as const, ...(format === 'csv' ? [['bom', '0'] as const] : [])];
  const file = await send(door, { ...asked, query: [...asked.query, ...form] });
  const note = file.headers['dialtally-note'];
  if (note) printError(`${note}\n`);
  return file;
}
