/** Reads the mappings that commands name. */
import type { Mapping } from '../../mapping/language/mapping.ts';
import type { ReadMapping } from '../../mapping/language/read-mapping.ts';
import { readGiven } from '../given-file.ts';
import { toFaultList } from '../show/document-faults.ts';
import { printError } from '../show/print.ts';

/** A mapping; when it has faults, prints them and makes the command fail. */
export async function readGood(path: string): Promise<Mapping | undefined> {
  const { mapping, faults } = await open(path);
  if (mapping) return mapping;
  process.exitCode = 1;
  printError(toFaultList(path, faults));
  return undefined;
}

async function open(path: string): Promise<ReadMapping> {
  const bytes = await readGiven(path, 'mapping');
  // Schemas take long to load: only who reads a mapping waits for them.
  const { readMapping } = await import('../../mapping/language/read-mapping.ts');
  try {
    return readMapping(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { faults: [{ path: '$', message: 'It is not UTF-8. Save it as UTF-8.' }] };
  }
}
