/** A piece of text in a source file: what it says, where, and the code right before it. */
export interface SourceText {
  text: string;
  line: number;
  before: string;
  /** Whether it is SQL: what the `sql` tag is put on, or any other text that begins as a statement does. */
  isSql: boolean;
}

/** SQL without its comments. */
export const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|--[^\n]*/g, ' ');

/** What stands in a text where code is put in. */
export const part = '?';

/** Every string and template of a TypeScript source, with `?` for what is put into it; comments are none. */
export function readTexts(source: string): SourceText[] {
  const texts: SourceText[] = [];
  let at = 0;

  function readCode(end: '}' | undefined): void {
    let [depth, last] = [0, ''];
    while (at < source.length) {
      const char = source[at]!;
      const two = source.slice(at, at + 2);
      if (end && char === end && depth === 0) return;
      if (two === '//') at = toIndex(source.indexOf('\n', at));
      else if (two === '/*') at = toIndex(source.indexOf('*/', at) + 2);
      else if (char === "'" || char === '"' || char === '`') readText(char);
      else if (char === '/' && isBeforePattern(last)) skipPattern();
      else {
        if (char === '{') depth++;
        if (char === '}') depth--;
        at++;
      }
      if (two !== '//' && two !== '/*' && char.trim() !== '') last = source.slice(Math.max(0, at - 6), at);
    }
  }

  function readText(quote: string): void {
    const start = at;
    const before = source.slice(Math.max(0, start - 40), start);
    let text = '';
    at++;
    while (at < source.length && source[at] !== quote) {
      if (quote === '`' && source.startsWith('${', at)) {
        at += 2;
        readCode('}');
        at++;
        text += part;
      } else if (source[at] === '\\') {
        text += source[at + 1];
        at += 2;
      } else text += source[at++];
    }
    at++;
    const isSql = /\bsql$/.test(before) || /^\s*(?:SELECT|INSERT|ALTER|CREATE|DELETE|WITH|DROP|KILL)\b/.test(text);
    texts.push({ text, line: source.slice(0, start).split('\n').length, before, isSql });
  }

  function skipPattern(): void {
    let isInClass = false;
    for (at++; at < source.length && (isInClass || source[at] !== '/'); at++) {
      if (source[at] === '\\') at++;
      else if (source[at] === '[') isInClass = true;
      else if (source[at] === ']') isInClass = false;
    }
    at++;
  }

  const toIndex = (index: number) => (index < 2 ? source.length : index);
  readCode(undefined);
  return texts;
}

/** A slash after this code begins a regular expression; after a value it divides. */
const isBeforePattern = (code: string) => code === '' || /[(,=:[!&|?{};+\-*%<>~^]$|\breturn$/.test(code);
