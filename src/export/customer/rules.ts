/** A customer’s rules as those of a layout. */
import type { FormatRule } from '../layout.ts';
import type { CustomerRule, RuleLook } from './rule-schema.ts';

const operators = {
  equal: 'equal',
  not_equal: 'notEqual',
  greater_than: 'greaterThan',
  greater_than_or_equal: 'greaterThanOrEqual',
  less_than: 'lessThan',
  less_than_or_equal: 'lessThanOrEqual',
  between: 'between',
  not_between: 'notBetween',
} as const;

/** A customer's rule as the writers know it. */
export function toFormatRule(rule: CustomerRule): FormatRule {
  if (rule.kind === 'color_scale') return { kind: 'colorScale', colors: rule.colors };
  if ('from' in rule) {
    return { kind: 'value', operator: operators[rule.kind], value: rule.from, to: rule.to, ...toLook(rule) };
  }
  return { kind: 'value', operator: operators[rule.kind], value: rule.value, ...toLook(rule) };
}

const toLook = ({ fill, color, bold }: RuleLook) => ({
  ...(fill !== undefined && { fill }),
  ...(color !== undefined && { color }),
  ...(bold !== undefined && { bold }),
});
