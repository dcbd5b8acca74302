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
