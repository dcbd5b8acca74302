/** What a customer’s rule for cells may say. */
import { type Static, type TObject, type TSchema, Type } from 'typebox';
import { oneOfBy, refer } from '../../document/schema-parts.ts';
import { closed } from '../../shapes.ts';

const look = {
  fill: Type.Optional(refer<string>('color', 'The color behind the text, as #RRGGBB.')),
  color: Type.Optional(refer<string>('color', 'The color of the text, as #RRGGBB.')),
  bold: Type.Optional(Type.Boolean({ description: 'Whether the text is bold.' })),
};

/** What a cell looks like when a rule holds. */
export type RuleLook = Static<TObject<typeof look>>;

const equality = ['equal', 'not_equal'] as const;
const comparisons = [...equality, 'greater_than', 'greater_than_or_equal', 'less_than', 'less_than_or_equal'] as const;
const spans = ['between', 'not_between'] as const;

/** Rules that compare the cell with a value that this schema describes. */
const valueRule = (kinds: readonly (typeof comparisons)[number][], value: TSchema) =>
  closed(
    {
      kind: Type.Enum(kinds, { description: 'How the cell is compared with the value.' }),
      value: Type.Unsafe<number | string | boolean>({
        description:
          'In the units of the JSON: seconds, percent from 0 to 100; a text for text, true or false for yes and no.',
        ...value,
      }),
      ...look,
    },
    { minProperties: 3 },
  );

/** Rules that hold within a span, or outside of it; its ends belong to it. */
const spanRule = closed(
  {
    kind: Type.Enum(spans, { description: 'Whether the cell must be in the span, or must not.' }),
    from: Type.Number({ description: 'The lower end of the span.' }),
    to: Type.Number({ description: 'The upper end of the span.' }),
    ...look,
  },
  { minProperties: 4 },
);

/** Scales that color each cell of a column by where it stands between the lowest and the highest. */
const scaleRule = closed({
  kind: Type.Unsafe<'color_scale'>({ description: 'A color scale.', const: 'color_scale' }),
  colors: Type.Unsafe<[string, string] | [string, string, string]>(
    Type.Array(refer('color'), {
      description:
        'Two or three colors as #RRGGBB: of the lowest value, of the middle if there are three, of the highest.',
      minItems: 2,
      maxItems: 3,
    }),
  ),
});

/** A conditional format of a column. */
export type CustomerRule = Static<ReturnType<typeof valueRule> | typeof spanRule | typeof scaleRule>;

/** Every kind of rule. */
export const ruleKinds: readonly CustomerRule['kind'][] = [...comparisons, ...spans, 'color_scale'];

const text = Type.String({ minLength: 1, maxLength: 200 });

const rules = (alternatives: readonly TSchema[]) => Type.Array(oneOfBy<CustomerRule>('kind', alternatives));

/** Rules for columns of numbers. */
export const numberRules = rules([valueRule(comparisons, Type.Number()), spanRule, scaleRule]);

/** Rules for columns of text. */
export const textRules = rules([valueRule(equality, text)]);

/** Rules for columns of yes and no. */
export const flagRules = rules([valueRule(equality, Type.Boolean())]);

/** Rules for columns that hold one of a few words. */
export const choiceRules = (choices: readonly string[]) => rules([valueRule(equality, Type.Enum(choices))]);
