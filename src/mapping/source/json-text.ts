/** What stands between values of JSON, and within texts of it. */

/** Passes white space over, and byte-order marks of files that were put one behind the other. */
export function skipBlank(text: string, from: number): number {
  let at = skipSpace(text, from);
  while (text[at] === '\ufeff') at = skipSpace(text, at + 1);
  return at;
}

/** Passes white space of JSON's over. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

const isSpace = (unit: number) => unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;

/** A text whose percent-escapes are UTF-8, decoded; undefined when they are none. A plus sign is one. */
export function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
