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
const written = /\ufffd|%ef%bf%bd/gi;
/** Half a character, which no text has. */
const half = '\udfff';

/**
 * A query string as names with all their texts; of one that has too many none, since it is refused before anybody asks. Bytes
 * that are no UTF-8 are half a character, so that what reads the text can tell.
 */
export function parseQueryString(text: string): Record<string, string[]> {
  const query: Record<string, string[]> = Object.create(null);
  if (hasTooManyParameters(text)) return query;
  for (const pair of text.split('&')) {
    for (const [name, value] of new URLSearchParams(pair)) {
      const texts = query[name] ?? [];
      texts.push(hasUnknown(name + value, pair) ? value.replaceAll(unknownCharacter, half) : value);
      query[name] = texts;
    }
  }
  return query;
}

/** Whether a pair had bytes that are no UTF-8, beside characters that somebody wrote and that look as these do. */
const hasUnknown = (read: string, pair: string) =>
  read.includes(unknownCharacter) && read.split(unknownCharacter).length - 1 > (pair.match(written)?.length ?? 0);
