import { closed, oneOfBy, type Properties, refer, type Schema } from '../../document/schema-parts.ts';
import type { CustomerRule, RuleLook, ScaleRule, SpanRule, ValueRule } from './package.ts';

/** Every kind of rule. */
export const ruleKinds = Object.keys({
  equal: true,
  not_equal: true,
  greater_than: true,
  greater_than_or_equal: true,
  less_than: true,
  less_than_or_equal: true,
  between: true,
  not_between: true,
  color_scale: true,
} satisfies Record<CustomerRule['kind'], true>);

const look: Properties<RuleLook> = {
  fill: refer('color', 'The color behind the text, as #RRGGBB.'),
  color: refer('color', 'The color of the text, as #RRGGBB.'),
  bold: { description: 'Whether the text is bold.', type: 'boolean' },
};

/** Rules that compare the cell with a value that this schema describes. */
function valueRule(kinds: readonly string[], value: Schema): Schema {
  const properties: Properties<ValueRule> = {
    kind: { description: 'How the cell is compared with the value.', enum: kinds },
    value: {
      description:
        'In the units of the JSON: seconds, percent from 0 to 100; a text for text, true or false for yes and no.',
      ...value,
    },
    ...look,
  };
  return { ...closed(properties, ['kind', 'value']), minProperties: 3 };
}

function spanRule(): Schema {
  const properties: Properties<SpanRule> = {
    kind: {
      description: 'Whether the cell must be in the span, or must not.',
      enum: ['between', 'not_between'] satisfies SpanRule['kind'][],
    },
    from: { description: 'The lower end of the span.', type: 'number' },
    to: { description: 'The upper end of the span.', type: 'number' },
    ...look,
  };
  return { ...closed(properties, ['kind', 'from', 'to']), minProperties: 4 };
}

function scaleRule(): Schema {
  const properties: Properties<ScaleRule> = {
    kind: { description: 'A color scale.', const: 'color_scale' satisfies ScaleRule['kind'] },
    colors: {
      description:
        'Two or three colors as #RRGGBB: of the lowest value, of the middle if there are three, of the highest.',
      type: 'array',
      items: refer('color'),
      minItems: 2,
      maxItems: 3,
    },
  };
  return closed(properties, ['kind', 'colors']);
}

const equality = ['equal', 'not_equal'];
const comparisons = ruleKinds.filter((kind) => !/between|color_scale/.test(kind));
const text = { type: 'string', minLength: 1, maxLength: 200 };

const rules = (alternatives: readonly Schema[]) => ({ type: 'array', items: oneOfBy('kind', alternatives) });

/** Rules for columns of numbers. */
export const numberRules = rules([valueRule(comparisons, { type: 'number' }), spanRule(), scaleRule()]);

/** Rules for columns of text. */
export const textRules = rules([valueRule(equality, text)]);

/** Rules for columns of yes and no. */
export const flagRules = rules([valueRule(equality, { type: 'boolean' })]);

/** Rules for columns that hold one of a few words. */
export const choiceRules = (choices: readonly string[]) => rules([valueRule(equality, { enum: choices })]);
