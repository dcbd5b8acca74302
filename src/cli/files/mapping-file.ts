import { readFile } from 'node:fs/promises';
import { DialtallyError } from '../../errors.ts';
import type { ReadMapping } from '../../mapping/language/read-mapping.ts';

/** Reads a mapping, or all that is wrong with it. */
export async function openMapping(path: string): Promise<ReadMapping> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new DialtallyError(
      'BAD_FILE',
      422,
      error.code === 'ENOENT'
        ? `There is no mapping ${path}.`
        : `The mapping ${path} can\u2019t be read (${error.code}).`,
    );
  });
  // Schemas take long to load: only who reads a mapping waits for them.
  const { readMapping } = await import('../../mapping/language/read-mapping.ts');
  try {
    return readMapping(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { faults: [{ path: '$', message: 'It is not UTF-8. Save it as UTF-8.' }] };
  }
}
