/** The JSON schema of a report's answer, made from the columns that the report declares. */
import { type TProperties, type TSchema, Type } from 'typebox';
import { closed } from '../shapes.ts';
import { aboutSchema } from './about-schema.ts';
import { toComparisonSchema } from './comparison-schema.ts';
import { type AnswerPart, partsOf, type Report } from './report.ts';
import { toProperties } from './row-schema.ts';

/** What a report answers with: its data alone. Its TypeScript type is made from the same columns: `RowOf`. */
export function toResponseSchema(report: Report): TSchema {
  return closed({ data: toDataSchema(report) });
}

/** The same, and what may be asked for beside it. */
export function toAnswerSchema(report: Report): TSchema {
  return closed({
    data: toDataSchema(report),
    about: Type.Optional(aboutSchema),
    comparison: Type.Optional(toComparisonSchema(report)),
  });
}

function toDataSchema(report: Report): TSchema {
  const [main, ...others] = partsOf(report);
  const beside = others.filter(({ name }) => !Object.hasOwn(main.columns, name));
  const listsOf = (owner: AnswerPart['of']) => toLists(beside.filter(({ of }) => of === owner));
  const row = closed({ ...toProperties(main.columns), ...listsOf('row') });
  const own = main.rows === 'one' ? row : Type.Array(row);
  return report.main === undefined ? own : closed({ [main.name]: own, ...listsOf('answer') });
}

/** Lists by name; those that a parameter asks for may be missing. */
function toLists(parts: readonly AnswerPart[]): TProperties {
  const entries = parts.map(({ name, asked, about, columns }): [string, TSchema] => {
    const list = Type.Array(closed(toProperties(columns)), { description: about });
    return [name, asked === undefined ? list : Type.Optional(list)];
  });
  return Object.fromEntries(entries);
}
