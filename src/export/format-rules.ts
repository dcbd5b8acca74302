/** A layout's rules for how cells look, written as Excel's conditional formats. */
import type { ConditionalRule } from 'hucre/xlsx';
import { toExcelText } from './excel-value.ts';
import { letterOf } from './headings.ts';
import type { FormatRule, LayoutColumn } from './layout.ts';
import { toRgb } from './looks.ts';
import { divisorOf } from './number-format.ts';

/** The rules of all columns as Excel's conditional formats over `count` rows from `first` on. */
export function toConditionalRules(columns: readonly LayoutColumn[], first: number, count: number): ConditionalRule[] {
  if (count === 0) return [];
  let priority = 0;
  return columns.flatMap((column, index) => {
    const letter = letterOf(index);
    const range = `${letter}${first + 1}:${letter}${first + count}`;
    return (column.rules ?? []).map((rule) => ({ ...toRule(rule, column), priority: ++priority, range }));
  });
}

/** A color scale from the lowest to the highest value. */
export function toColorScale(colors: readonly string[]): Pick<ConditionalRule, 'type' | 'colorScale'> {
  const middle = colors.length === 3 ? [{ type: 'percentile' as const, value: '50' }] : [];
  return {
    type: 'colorScale',
    colorScale: {
      cfvo: [{ type: 'min' }, ...middle, { type: 'max' }],
      colors: colors.map((color) => `FF${toRgb(color)}`),
    },
  };
}

function toRule(rule: FormatRule, column: LayoutColumn): Omit<ConditionalRule, 'priority' | 'range'> {
  if (rule.kind === 'colorScale') return toColorScale(rule.colors);
  const { operator, fill, color, bold } = rule;
  // What the rule says of seconds or percent holds for the cells, which are days or shares where the format needs it.
  const toOperand = (value: number | string | boolean) =>
    typeof value === 'boolean'
      ? String(value).toUpperCase()
      : typeof value === 'number'
        ? String(value / divisorOf(column))
        : `"${toExcelText(value).replaceAll('"', '""')}"`;
  return {
    type: 'cellIs',
    operator,
    formula: 'to' in rule ? [toOperand(rule.value), toOperand(rule.to)] : toOperand(rule.value),
    style: {
      // Excel takes the background of a conditional fill, others its foreground.
      ...(fill && {
        fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: toRgb(fill) }, bgColor: { rgb: toRgb(fill) } },
      }),
      ...((color || bold) && { font: { ...(bold && { bold }), ...(color && { color: { rgb: toRgb(color) } }) } }),
    },
  };
}
