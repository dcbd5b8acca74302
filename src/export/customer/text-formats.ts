/** Checks of the texts in a customer's package: headings, sheet names, file names, number formats and paths of logos. */
import { mayBeFormula } from '../formulas.ts';
import { faultInFileName } from './file-name.ts';
import { faultInNumberFormat } from './number-format.ts';

/** Says what is wrong with a text, or nothing. */
export type FaultInText = (text: string) => string | undefined;

const unseen = /[\p{Cc}\p{Cs}\ufffe\uffff\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

function faultInWords(text: string): string | undefined {
  if (text.trim() === '') return 'It is empty. Write a text, or leave it out.';
  if (unseen.test(text)) return 'It has a line break, a tab or another unseen character. Take it out.';
  if (text.trim() !== text) return 'Take the spaces at its ends away.';
  return undefined;
}

function faultInLabel(text: string): string | undefined {
  // Headings stand in CSV files too.
  if (!unseen.test(text) && mayBeFormula(text)) {
    return 'A spreadsheet would run it as a formula. Begin with a letter.';
  }
  return faultInWords(text);
}

function faultInSheetName(text: string): string | undefined {
  // Excel counts UTF-16 units, JSON Schema characters.
  if (text.length > 31) return `It has ${text.length} characters. Excel takes 31: make it shorter.`;
  const wrong = /[[\]:*?/\\]/.exec(text)?.[0];
  if (wrong) return `A sheet\u2019s name can\u2019t have ${wrong} in it, nor any of [ ] : * ? / \\. Take it out.`;
  if (/^'|'$/.test(text)) return 'A sheet\u2019s name can\u2019t begin or end with an apostrophe. Take it away.';
  if (/^history$/i.test(text)) return 'Excel keeps this name for itself. Take another one.';
  return faultInWords(text);
}

function faultInLogoPath(text: string): string | undefined {
  if (/\\/.test(text)) return 'Write the path with /.';
  if (/^(\/|[A-Za-z]:)/.test(text) || text.split('/').includes('..')) {
    return 'It leads out of the customer\u2019s directory. Put the file there and write its name, such as logo.png.';
  }
  return faultInWords(text);
}

/** Texts with rules of their own, by the name that the schema calls them. */
export const textFormats = {
  color: (text) => (/^#[0-9A-Fa-f]{6}$/.test(text) ? undefined : 'A color is # and six hexadecimal digits: #1F7A4D.'),
  heading: faultInWords,
  label: faultInLabel,
  'sheet-name': faultInSheetName,
  'file-name': faultInFileName,
  'logo-path': faultInLogoPath,
  'count-format': (text) => faultInNumberFormat(text, 'count'),
  'percent-format': (text) => faultInNumberFormat(text, 'percent'),
  'seconds-format': (text) => faultInNumberFormat(text, 'seconds'),
  'moment-format': (text) => faultInNumberFormat(text, 'moment'),
} satisfies Record<string, FaultInText>;
