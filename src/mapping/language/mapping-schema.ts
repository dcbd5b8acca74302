/** The schema of mappings as it is published, for editors and whoever writes one. */
import { Type } from 'typebox';
import { type Schema, toPublished } from '../../document/published.ts';
import { mappingSchema } from './mapping.ts';
import { ruleSchema, testSchema } from './rule.ts';

/** The JSON Schema (2020-12) of a mapping. */
export function toMappingSchema(): Schema {
  return toPublished({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'How another system\u2019s file goes in (a mapping)',
    ...mappingSchema,
    $defs: {
      timezone: Type.String({ format: 'timezone', maxLength: 60 }),
      // One text, or several, stand for the test "is".
      test: {
        ...testSchema,
        type: ['string', 'array', 'object'],
        minItems: 1,
        minProperties: 1,
        items: Type.String(),
      },
      // A text stands for the rule "from".
      rule: { ...ruleSchema, type: ['string', 'object'], minLength: 1, minProperties: 1 },
    },
  });
}
