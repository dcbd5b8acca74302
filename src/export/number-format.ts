import type { LayoutColumn } from './layout.ts';

/** What one of a number's units is in Excel's own: a day is 1 there, and so is 100 %. */
const secondsInDay = 86_400;

/** How Excel shows a column: the layout's own format, else one that fits the column's kind and unit. */
export function toNumberFormat({ column, numberFormat }: LayoutColumn): string | undefined {
  if (numberFormat !== undefined) return numberFormat;
  switch (column.kind) {
    case 'integer':
      if (column.unit === 'seconds') return '[h]:mm:ss';
      // A number that counts nothing identifies something: no grouping.
      return column.unit ? '#,##0' : '0';
    case 'number':
    case 'decimal': {
      const decimals = column.digits > 0 ? `.${'0'.repeat(column.digits)}` : '';
      if (column.unit === 'seconds') return `[h]:mm:ss${decimals}`;
      if (column.unit === 'percent') return column.digits > 2 ? 'General"%"' : `0${decimals}"%"`;
      return `#,##0${decimals}`;
    }
    case 'instant':
      return 'yyyy-mm-dd hh:mm:ss';
    case 'flag':
      // LibreOffice shows 1 and 0 otherwise.
      return '"TRUE";"TRUE";"FALSE"';
    case 'text':
      // Text stays text when somebody edits the cell: zeros and plus signs belong to it.
      return column.code ? '@' : undefined;
    default:
      return undefined;
  }
}

/** By what a number is divided so that its format shows it right: seconds as a time of day, percent as a share. */
export function divisorOf(column: LayoutColumn): number {
  if (!('unit' in column.column)) return 1;
  // What is shown as it is, and colors and conditions, are no commands: [Magenta] is not minutes.
  const commands = toNumberFormat(column)?.replace(/"[^"]*"|[\\_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gis, '') ?? '';
  if (column.column.unit === 'seconds' && /[hms]/i.test(commands)) return secondsInDay;
  if (column.column.unit === 'percent' && commands.includes('%')) return 100;
  return 1;
}
