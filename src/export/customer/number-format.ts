/** What a format is for: a quantity in some unit, or an instant. */
export type Shown = 'count' | 'percent' | 'seconds' | 'moment';

/** A section of an Excel number format, with what stands in quotes and brackets apart. */
interface Section {
  /** Everything that Excel reads as a command. */
  commands: string;
  /** What is shown as it is. */
  literal: string;
  /** What stands in brackets. */
  brackets: string[];
}

const bracket =
  /^(h+|m+|s+|black|blue|cyan|green|magenta|red|white|yellow|color ?\d{1,2}|[<>=]{1,2}-?\d+(\.\d+)?|\$[^[\]]*)$/i;
const elapsed = /^(h+|m+|s+)$/i;
const digit = /[0#?]/;

/**
 * What is wrong with an Excel number format, or undefined. A format that Excel can't read makes it repair the file, and
 * one that shows something else than the cell holds would lie.
 */
export function faultInNumberFormat(format: string, shown: Shown): string | undefined {
  if (format === 'General') return undefined;
  const sections = readSections(format);
  if (typeof sections === 'string') return sections;
  const unknown = sections.flatMap(({ brackets }) => brackets).find((text) => !bracket.test(text));
  if (unknown !== undefined) return `Excel has no [${unknown}]. There are colors, conditions, [h] and [$-42A].`;
  if (sections.some(({ literal }) => /\p{Nd}/u.test(literal))) {
    return 'Digits in quotes would look like a part of the number. Take them out.';
  }
  if (shown === 'moment') return faultInMoment(sections);
  if (sections.length > 3) return 'Numbers have three sections: positive; negative; zero. Take the rest out.';
  return sections.map((section, index) => faultInNumber(section, index, shown)).find(Boolean) ?? faultInMix(sections);
}

const isTime = ({ brackets }: Section) => brackets.some((text) => elapsed.test(text));

function faultInNumber(section: Section, index: number, shown: Shown): string | undefined {
  const { commands, literal, brackets } = section;
  if (/[1-9]/.test(commands)) return 'Digits would look like a part of the number. Write 0, # or ?.';
  const letter = /[^0#?.,% ()+\-/:$\u20ac\u00a3\u00a5]/u.exec(commands.replace(/e[+-]/gi, ''))?.[0];
  if (letter !== undefined && !(isTime(section) && /[hms]/i.test(letter))) {
    return /[dmyhs]/i.test(letter)
      ? `${JSON.stringify(letter)} makes a date of a number. For seconds write [h]:mm:ss; put words into quotes: 0 "calls".`
      : `Put ${JSON.stringify(letter)} into quotes, such as 0 "calls".`;
  }
  if (isTime(section)) {
    return shown === 'seconds' ? undefined : 'Only columns of seconds can be shown as a time. Write 0 or #,##0.';
  }
  if (commands.includes('%') && shown !== 'percent') {
    return 'Only columns of percent can be shown with %. Take it out, or put it into quotes.';
  }
  if (!digit.test(commands)) {
    // What is zero may be shown as a dash.
    if (index === 2 && !brackets.some((text) => /^[<>=]/.test(text)) && (literal + commands).trim()) return undefined;
    return 'A section without 0, # or ? hides the number. Give each section one, such as #,##0;-#,##0.';
  }
  if (/[0#?],+(?![0#?,])/.test(commands)) return 'A comma behind the digits divides by 1000. Take it out.';
  if (/[0#?]\s*\/\s*[0#?]/.test(commands)) return 'Fractions round what the cell holds. Write decimals, such as 0.00.';
  return undefined;
}

/** A cell holds seconds or a share of a day, percent or a share of one: all sections must read it alike. */
function faultInMix(sections: readonly Section[]): string | undefined {
  const numbers = sections.filter(
    ({ commands, brackets }) => digit.test(commands) || brackets.some((b) => elapsed.test(b)),
  );
  for (const [what, has] of [
    ['a time', isTime],
    ['%', ({ commands }: Section) => commands.includes('%')],
  ] as const) {
    const some = numbers.filter(has).length;
    if (some > 0 && some < numbers.length) return `Some sections have ${what}, others don\u2019t. Write all alike.`;
  }
  return undefined;
}

function faultInMoment(sections: readonly Section[]): string | undefined {
  const [{ commands, brackets }, ...others] = sections as [Section, ...Section[]];
  if (others.length > 0) return 'Moments have one section. Take the semicolon and the rest out.';
  if (brackets.some((text) => !text.startsWith('$'))) return 'Moments take no colors and conditions. Take them out.';
  const wrong = /[^dmyhs/\-:., ]/iu.exec(commands.replace(/am\/pm/gi, ''))?.[0];
  if (wrong !== undefined) return `Put ${JSON.stringify(wrong)} into quotes. A moment is written as dd/mm/yyyy hh:mm.`;
  if (!/y/i.test(commands) || !/m/i.test(commands) || !/d/i.test(commands)) {
    return 'It needs year, month and day, such as dd/mm/yyyy hh:mm.';
  }
  return undefined;
}

function readSections(format: string): Section[] | string {
  const toSection = (): Section => ({ commands: '', literal: '', brackets: [] });
  const sections = [toSection()];
  for (let at = 0; at < format.length; ) {
    const section = sections.at(-1)!;
    const rest = format.slice(at);
    const [found, quoted, inBrackets, escaped, filler] =
      /^(?:"([^"]*)"|\[([^[\]]*)\]|\\(.)|[_*](.))/su.exec(rest) ?? [];
    if (found === undefined) {
      const char = rest[0] ?? '';
      if (char === '"') return 'A quote is not closed.';
      if (char === '[' || char === ']') return 'A bracket is not closed.';
      if (/[\\_*]/.test(char)) return `Nothing follows ${JSON.stringify(char)}.`;
      if (char === ';') sections.push(toSection());
      else section.commands += char;
      at += 1;
      continue;
    }
    if (inBrackets !== undefined) section.brackets.push(inBrackets);
    else if (filler === undefined) section.literal += quoted ?? escaped ?? '';
    at += found.length;
  }
  return sections;
}
