/** A query string as it comes: every value is text, a name may come more than once, and there may not be too many. */

// As many ids of agents as there may be in an address.
const mostParameters = 1000;

/** Whether a query string has more parameters than anybody asks by: each is looked at for every one that a route knows. */
export function hasTooManyParameters(text: string): boolean {
  let count = 1;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) if (++count > mostParameters) return true;
  return false;
}

// What URLSearchParams makes of bytes that are no UTF-8, and what somebody may have written.
const unknownCharacter = '\ufffd';
const isWritten = /\ufffd|%ef%bf%bd/i;
/** Half a character, which no text has. */
const half = '\udfff';

/**
 * A query string as names with all their texts; of one that has too many none, since it is refused before anybody asks. Bytes
 * that are no UTF-8 are half a character, so that what reads the text can tell.
 */
export function parseQueryString(text: string): Record<string, string[]> {
  const query: Record<string, string[]> = Object.create(null);
  if (hasTooManyParameters(text)) return query;
  for (const [name, value] of new URLSearchParams(text)) {
    const texts = query[name] ?? [];
    const isText = !value.includes(unknownCharacter) || isWritten.test(text);
    texts.push(isText ? value : value.replaceAll(unknownCharacter, half));
    query[name] = texts;
  }
  return query;
}
