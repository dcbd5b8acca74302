/** Reads a file that somebody named: for every room of the command line. */
import { readFile } from 'node:fs/promises';
import { DialtallyError } from '../errors.ts';

/** The bytes of a file that was named. Throws BAD_FILE when there is none, or it can't be read. */
export async function readGiven(path: string, what = 'file'): Promise<Buffer> {
  return readFile(path).catch(({ code }: NodeJS.ErrnoException) => {
    const why =
      code === 'ENOENT' ? `There is no ${what} ${path}.` : `The ${what} ${path} can\u2019t be read (${code}).`;
    throw new DialtallyError('BAD_FILE', 422, why);
  });
}
