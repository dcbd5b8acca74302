/** Where a report goes, and as what: onto the screen, into a pipe, or into a file. */
import { createWriteStream } from 'node:fs';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type FileFormatName, fileFormatNames, fileFormats, isFileFormat } from '../../engine/file-formats.ts';
import { BadOptions } from '../../errors.ts';
import { print } from '../show/print.ts';

// As it was when the command began: a server of its own makes it stricter for what it keeps.
const personsMask = process.umask();

/** How a report is written. */
export type AnswerFormat = 'table' | 'json' | FileFormatName;

/** All ways to write a report. */
export const answerFormats: readonly AnswerFormat[] = ['table', 'json', ...fileFormatNames];

/** The formats beside a table, in the words of a sentence. */
export const answerTitles = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format([
  'JSON',
  ...Object.values(fileFormats).map(({ title }) => title),
]);

/** The format that was asked for, else the one that the file's name says, else a table. */
export function formatFor(asked: AnswerFormat | undefined, out: string | undefined): AnswerFormat {
  const ending = /\.([a-z]+)$/i.exec(out ?? '')?.[1]?.toLowerCase();
  return asked ?? answerFormats.find((format) => format === ending) ?? 'table';
}

/** Throws when a binary file would be written onto a terminal. */
export function assertPrintable(format: AnswerFormat, out: string | undefined): void {
  if (!isFileFormat(format) || out !== undefined || !process.stdout.isTTY) return;
  const { title, isBinary } = fileFormats[format];
  if (isBinary) throw new BadOptions(`${title} is not for the screen. Say where it goes: --out report.${format}`);
}

/** Writes an answer to standard output, or to a file that is there only when it is complete. */
export async function writeAnswer(answer: string | Readable, out: string | undefined): Promise<void> {
  if (out === undefined) return showAnswer(answer);
  const unfinished = `${out}.part`;
  try {
    if (typeof answer === 'string') await writeFile(unfinished, answer);
    else await pipeline(answer, createWriteStream(unfinished));
    await chmod(unfinished, 0o666 & ~personsMask);
    await rename(unfinished, out);
  } catch (error) {
    await rm(unfinished, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new BadOptions(`There is no directory for --out ${out}.`);
    if (code === 'EISDIR' || code === 'ENOTEMPTY') throw new BadOptions(`--out ${out} is a directory.`);
    if (code === 'EACCES') throw new BadOptions(`--out ${out} may not be written.`);
    throw error;
  }
}

/** A pipe gets what is there; a terminal would do what it says. */
async function showAnswer(answer: string | Readable): Promise<void> {
  const isSeen = process.stdout.isTTY;
  const decoder = new TextDecoder();
  for await (const chunk of typeof answer === 'string' ? [answer] : (answer as AsyncIterable<string | Buffer>)) {
    if (!isSeen) process.stdout.write(chunk);
    else print(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
  }
}
