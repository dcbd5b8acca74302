/** A column of a table for the terminal. */
export interface TerminalColumn {
  label: string;
  align?: 'left' | 'right';
}

/** Rows under their labels, in columns as wide as their widest text. */
export function toTable(columns: readonly TerminalColumn[], rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(toPrintable));
  const widths = columns.map(({ label }, index) =>
    Math.max(displayWidth(label), ...shown.map((row) => displayWidth(row[index] ?? ''))),
  );
  const toLine = (cells: readonly string[]) =>
    columns
      .map(({ align = 'left' }, index) => pad(cells[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd();
  return [
    toLine(columns.map(({ label }) => label)),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...shown.map(toLine),
  ].join('\n');
}

/** Names and their values, one a line. */
export function toPairList(entries: readonly (readonly [name: string, value: string])[]): string {
  const names = Math.max(0, ...entries.map(([name]) => displayWidth(name)));
  const values = Math.max(0, ...entries.map(([, value]) => (isNumeric(value) ? displayWidth(value) : 0)));
  return entries
    .map(([name, value]) => {
      const printable = toPrintable(value);
      return `${pad(name, names)}  ${isNumeric(value) ? pad(printable, values, 'right') : printable}`;
    })
    .join('\n');
}

/** A text with spaces to that many columns of a terminal. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? spaces + text : text + spaces;
}

/** How many columns of a terminal a text takes: two for each wide character, none for a mark that sits on another. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += widthOf(segment);
  return width;
}

/** A text that can't move the cursor or colour the screen, whatever it was taken in with. */
export function toPrintable(text: string): string {
  return text.replace(unprintable, '\ufffd');
}

/** The same of a text that has several lines. */
export function toPrintableLines(text: string): string {
  return text
    .split(/(\r?\n)/)
    .map((part, index) => (index % 2 === 0 ? toPrintable(part) : part))
    .join('');
}

const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const graphemes = new Intl.Segmenter();
const wide =
  /^(\p{Emoji_Presentation}|\p{Emoji}\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])/u;
const weightless = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;

function widthOf(grapheme: string): number {
  if (weightless.test(grapheme)) return 0;
  return wide.test(grapheme) ? 2 : 1;
}

const isNumeric = (text: string) => /^-?\d+(\.\d+)?$/.test(text);
