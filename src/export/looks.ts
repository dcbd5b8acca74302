/** The look of our Excel sheets: colours, fonts, and the styles of titles, headers, cells and badges. */
import type { CellStyle } from 'hucre/xlsx';

/** The colors of our sheets, as Excel wants them: without `#`. */
export const colors = {
  ink: '1F2937',
  quiet: '6B7280',
  line: 'E5E7EB',
  head: '1F3A5F',
  paper: 'FFFFFF',
  blue: '2F6DB5',
  green: '2E9E6B',
  amber: 'D98E04',
  pale: 'F3F6FA',
  sky: '7FB2E5',
} as const;

const font = 'Calibri';
const rule = { style: 'thin', color: { rgb: colors.line } } as const;

/** The title of a sheet. */
export const titleStyle: CellStyle = {
  font: { name: font, size: 16, bold: true, color: { rgb: colors.head } },
  alignment: { vertical: 'center' },
};

/** A line of words that explain. */
export const noteStyle: CellStyle = {
  font: { name: font, size: 10, color: { rgb: colors.quiet } },
  alignment: { vertical: 'center' },
};

/** The header over a column. */
export function headStyle(align: 'left' | 'center' | 'right' = 'left'): CellStyle {
  const isNumber = align === 'right';
  return {
    font: { name: font, size: 11, bold: true, color: { rgb: colors.paper } },
    fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: colors.head } },
    // A filter's button covers the right end of a heading.
    alignment: {
      horizontal: isNumber ? 'right' : 'left',
      vertical: 'center',
      indent: isNumber ? 2 : 1,
      wrapText: true,
    },
  };
}

/** A cell of rows. */
export function cellStyle(
  options: { numFmt?: string | undefined; horizontal?: 'left' | 'center' | 'right' | undefined } = {},
): CellStyle {
  return {
    font: { name: font, size: 11, color: { rgb: colors.ink } },
    border: { bottom: rule },
    alignment: aside(options.horizontal ?? 'left'),
    ...(options.numFmt !== undefined && { numFmt: options.numFmt }),
  };
}

/** A filled cell of a color, with words that can be read on it. */
export function badgeStyle(color: string): CellStyle {
  return {
    font: { name: font, size: 11, bold: true, color: { rgb: inkOn(color) } },
    fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: toRgb(color) } },
    border: { bottom: { style: 'thin', color: { rgb: colors.paper } } },
    alignment: aside('left'),
  };
}

/** Text keeps away from the number before it. LibreOffice loses the indents of numbers, so those have none. */
function aside(horizontal: 'left' | 'center' | 'right'): NonNullable<CellStyle['alignment']> {
  return { horizontal, vertical: 'center', ...(horizontal === 'left' && { indent: 1 }) };
}

/** `#RRGGBB` as Excel wants it. */
export function toRgb(color: string): string {
  return color.replace('#', '').toUpperCase();
}

/** Black or white, whichever has the higher contrast on a color (WCAG 2). */
function inkOn(color: string): string {
  const channels = [0, 2, 4].map((at) => Number.parseInt(toRgb(color).slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((share) =>
    share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4,
  );
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? colors.paper : '000000';
}
