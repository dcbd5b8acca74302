// Signs that begin a formula, as wide and small characters too: East Asian spreadsheets read those as the plain ones.
const signs = '=\\uff1d\\ufe66@\\uff20\\ufe6b+\\uff0b\\ufe62\\-\\uff0d\\ufe63\\u2212';
// What may stand before one without being seen, and a quote, which some readers take away.
const unseen = '\\p{Cc}\\p{Cf}\\p{Z}\\p{DI}"';

const aSign = new RegExp(`[${signs}]`);
const anUnseen = new RegExp(`[${unseen}]`, 'u');
const beginsFormula = new RegExp(`^[${unseen}]*[${signs}]`, 'u');
const beginsWithControl = /^\p{Cc}/u;
const looksDialed = /^[+-][0-9 ().-]*$/;

/** Whether a spreadsheet may run a text as a formula, or read it as one that is broken. */
export function mayBeFormula(text: string): boolean {
  return beginsWithControl.test(text) || beginsFormula.test(text);
}

/**
 * A text that no spreadsheet runs: an apostrophe stands before what may be a formula, at its beginning and, since people open
 * files with another separator than theirs, behind each character that may pass for one. A phone number or a code such as -5
 * stays as it is when `isCode`. `separator` is the file's own: behind that a cell is in quotes, and stays one.
 */
export function toHarmless(text: string, { isCode, separator }: { isCode: boolean; separator: string }): string {
  const begins = mayBeFormula(text) && !(isCode && looksDialed.test(text));
  const guarded = guardCells(text, separator);
  return begins ? `'${guarded}` : guarded;
}

const cuts = new Set([',', ';', '\t', '|', '\n', '\r']);

/** An apostrophe before each sign that may begin a cell of its own, but for the text's first: no text begins with white space. */
function guardCells(text: string, separator: string): string {
  if (!aSign.test(text)) return text;
  let guarded = '';
  // Whether the text has begun, and whether a cell may begin where only what is unseen has come since.
  let [hasBegun, mayBegin] = [false, false];
  for (const character of text) {
    if (mayBegin && aSign.test(character)) guarded += "'";
    const isCut = cuts.has(character) && character !== separator;
    const isUnseen = anUnseen.test(character);
    hasBegun ||= character.trim() !== '';
    mayBegin = (isCut && hasBegun) || (mayBegin && isUnseen);
    guarded += character;
  }
  return guarded;
}
