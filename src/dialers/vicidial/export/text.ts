/** In which encoding the lines of an export are read, and which encodings are known. */
import { BadOptions } from '../../../errors.ts';
import { readMixed } from '../../mixed-text.ts';

/** Reads bytes as text; undefined when they are none. */
export type ReadText = (bytes: Uint8Array) => string | undefined;

/**
 * Opens the reading of lines of a VICIdial's export. Without an encoding they are UTF-8. As latin1 each field is looked at by
 * itself (see readMixed). Throws BadOptions for an encoding that is not known.
 */
export function openText(encoding = 'utf-8'): ReadText {
  const name = encoding.trim();
  const decoder = openDecoder(/^latin-1$/i.test(name) ? 'latin1' : name);
  if (decoder === undefined) {
    throw new BadOptions(
      `--encoding: There is no encoding ${JSON.stringify(encoding)} here. Name one such as latin1, utf-8 or windows-1258, or save the file as UTF-8.`,
    );
  }
  return decoder.encoding === 'windows-1252' ? readMixedFields : strictly(decoder);
}

function readMixedFields(line: Uint8Array): string {
  const bytes = Buffer.from(line).toString('latin1');
  return bytes.replace(/[^\t|]+/g, (field) => readMixed(Buffer.from(field, 'latin1')));
}

/** Undefined for one that is not known, or in which a line does not end with the byte of a line feed. */
function openDecoder(label: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
    return decoder.encoding.startsWith('utf-16') ? undefined : decoder;
  } catch {
    return undefined;
  }
}

function strictly(decoder: InstanceType<typeof TextDecoder>): ReadText {
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      return undefined;
    }
  };
}
