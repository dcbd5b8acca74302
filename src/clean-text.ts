/**
 * A text as it is kept, from whatever door it comes: without white space around it, and composed (NFC), so that the same
 * name written in two ways is one. The SQL of `kinds` does the same.
 */
export function cleanText(text: string): string {
  const trimmed = trimWhiteSpace(text);
  return isAscii.test(trimmed) ? trimmed : trimmed.normalize('NFC');
}

const isAscii = /^[\x00-\x7f]*$/;

/** A whole number without the point and zeroes that spreadsheets and pandas write behind it; any other text as it is. */
export const cleanWhole = (text: string): string =>
  /^[0-9]+[.]0+$/.test(text) ? text.slice(0, text.indexOf('.')) : text;

/**
 * A text without Unicode white space around it. Each character is looked at once: a regular expression that looks for the
 * end of the text starts anew at every space inside of it.
 */
export function trimWhiteSpace(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isWhiteSpace(text.charCodeAt(from))) from++;
  while (to > from && isWhiteSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

/** Whether a UTF-16 unit has Unicode's White_Space property: all that have it are one unit long. */
function isWhiteSpace(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  return (
    unit === 0x85 ||
    unit === 0xa0 ||
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000
  );
}
