import { InvalidParams } from '../../errors.ts';

/** Reads bytes as text; undefined when they are none. */
export type ReadText = (bytes: Uint8Array) => string | undefined;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder('windows-1252', { ignoreBOM: true });

/**
 * Opens the reading of texts of a VICIdial. Without an encoding they are UTF-8. As latin1 each is looked at by itself: VICIdial
 * writes UTF-8 into columns of latin1, and other programs write latin1 into the same, so bytes that are valid UTF-8 are
 * that, and all others Windows-1252. Throws InvalidParams for an encoding that is not known.
 */
export function openText(encoding = 'utf-8'): ReadText {
  const label = encoding.trim().toLowerCase();
  if (/^utf-?8$/.test(label)) return strictly(utf8);
  if (/^(latin-?1|iso-?8859-?1|windows-?1252|cp-?1252)$/.test(label)) return readMixed;
  try {
    return strictly(new TextDecoder(label, { fatal: true, ignoreBOM: true }));
  } catch {
    throw new InvalidParams({
      encoding: [`There is no encoding ${JSON.stringify(encoding)}. Name one such as latin1, utf-8 or windows-1258.`],
    });
  }
}

/** Texts of columns in which UTF-8 and Windows-1252 are mixed. */
export function readMixed(bytes: Uint8Array): string | undefined {
  return strictly(utf8)(bytes) ?? latin1.decode(bytes);
}

function strictly(decoder: typeof utf8): ReadText {
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      return undefined;
    }
  };
}
