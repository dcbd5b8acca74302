import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { permissionsOf } from '../access/roles.ts';
import type { Columns } from '../engine/columns.ts';
import { definitions } from '../engine/definitions.ts';
import { kinds } from '../engine/kinds.ts';
import type { Picture } from '../engine/pictures.ts';
import { type Part, paramsOf, partsOf, type Report } from '../engine/report.ts';
import { units } from '../engine/units.ts';
import { reports } from '../reports/index.ts';
import { principalOf } from './context.ts';
import { answers } from './openapi.ts';
import { reportsPath } from './reports.ts';

const closed = { additionalProperties: false };
const words = (list: readonly string[], description: string) => Type.Enum([...list], { description });
const name = Type.String();
const names = Type.Unsafe<readonly string[]>(Type.Array(Type.String()));

const column = Type.Object(
  {
    name,
    label: Type.String({ description: 'The heading that people read' }),
    kind: words(Object.keys(kinds), 'What it holds'),
    unit: Type.Union([words(Object.keys(units), 'What it counts or measures'), Type.Null()]),
    meaning: Type.String(),
    digits: Type.Optional(Type.Integer({ description: 'How many decimals it has at most' })),
    max: Type.Optional(Type.Integer({ description: 'It is never above' })),
    nullable: Type.Optional(Type.Boolean({ description: 'It may be null' })),
    code: Type.Optional(Type.Boolean({ description: 'A text that is no name: leading zeros belong to it' })),
    choices: Type.Optional(names),
    tones: Type.Optional(
      Type.Record(Type.String(), words(['good', 'warning', 'bad', 'neutral'], 'Whether a word is good or bad news')),
    ),
    of: Type.Optional(Type.String({ description: 'Of a color: the column whose words wear it' })),
    better: Type.Union([words(['more', 'less'], 'Which direction is good'), Type.Null()]),
    ratio: Type.Optional(
      Type.Object(
        {
          part: name,
          of: name,
          is_share: Type.Boolean({ description: 'All that the part counts is counted by the whole, too' }),
        },
        { ...closed, description: 'What it divides by what: columns of this part, or hidden ones' },
      ),
    ),
  },
  closed,
);

const part = Type.Object(
  {
    name,
    title: Type.String(),
    about: Type.String(),
    of: words(['answer', 'row'], 'Whether it stands in the answer, or in each row of the first part'),
    rows: words(['one', 'list'], 'One object, or a list of them'),
    key: Type.Array(name, { description: 'Which columns tell a row from all others' }),
    asked: Type.Union([name, Type.Null()], { description: 'The parameter without which it is not there' }),
    columns: Type.Array(column),
    hidden: Type.Array(column, { description: 'What rates and averages are made of and no row shows' }),
  },
  closed,
);

const axis = Type.Object({ column: name, labels: names }, closed);
const pictures: Record<Picture['kind'], Parameters<typeof Type.Object>[0]> = {
  tiles: {},
  table: {},
  line: { along: name, values: names },
  bars: { along: name, values: names },
  grid: { down: axis, across: axis, value: name, note: Type.String() },
  gauge: { value: name, limit: name },
};
const picture = Type.Unsafe<Picture>({
  description: 'What shows the rows best',
  oneOf: Object.entries(pictures).map(([kind, properties]) =>
    Type.Object({ kind: Type.Literal(kind), ...properties }, closed),
  ),
});

const parameter = Type.Object(
  {
    name,
    required: Type.Boolean(),
    about: Type.String(),
    is_unused: Type.Boolean({ description: 'It is taken, as all reports do, and changes nothing' }),
    schema: Type.Object({}, { additionalProperties: true }),
  },
  closed,
);

const entry = Type.Object(
  {
    name,
    title: Type.String(),
    about: Type.String(),
    path: Type.String(),
    over: words(['window', 'now'], 'Whether it is about a window of calls, or about the present'),
    parameters: Type.Array(parameter),
    columns: Type.Array(column, { description: 'Those of the first part: a row of files' }),
    parts: Type.Array(part, { description: 'All that an answer has; its own rows first' }),
    picture,
  },
  closed,
);

type Entry = Static<typeof entry>;

const definition = Type.Object(
  {
    name,
    kind: words(['word', 'figure'], 'A word says something of one call or lead, a figure of many'),
    meaning: Type.String(),
    formula: Type.String(),
    unit: Type.Union([words(Object.keys(units), 'What it counts or measures'), Type.Null()]),
    source: Type.Union([Type.String(), Type.Null()], { description: 'Where a known formula comes from' }),
    version: Type.String({ description: 'Another one whenever the formula is' }),
  },
  closed,
);

/** All that is needed to show any report, also one that is added tomorrow. */
export function serveCatalogue(app: FastifyInstance): void {
  const catalogue = reports.map((report) => ({ permission: report.permission, entry: toEntry(report) }));
  app.get(reportsPath, {
    schema: {
      tags: ['Around the reports'],
      summary: 'The catalogue of reports',
      response: answers(Type.Object({ data: Type.Array(entry) }, closed)),
    },
    config: { permission: 'reports' },
    handler: async (request) => {
      const may = permissionsOf(principalOf(request));
      return { data: catalogue.filter(({ permission }) => may.includes(permission)).map(({ entry }) => entry) };
    },
  });
  app.get('/api/telesales/definitions', {
    schema: {
      tags: ['Around the reports'],
      summary: 'What each word and figure means, and how it is computed',
      response: answers(Type.Object({ data: Type.Array(definition) }, closed)),
    },
    config: { permission: 'reports' },
    handler: async () => ({ data: definitions }),
  });
}

function toEntry(report: Report): Entry {
  const [main, ...others] = partsOf(report);
  return {
    name: report.name,
    title: report.title,
    about: report.about,
    path: `${reportsPath}/${report.name}`,
    over: report.over,
    parameters: Object.entries(paramsOf(report)).map(([name, param]) => ({
      name: param.schema.type === 'array' ? `${name}[]` : name,
      required: param.required ?? false,
      about: param.about,
      is_unused: report.unused.includes(name),
      schema: param.schema,
    })),
    columns: toColumns(report.columns),
    parts: [toPart(main, report.hidden), ...others.map((part) => toPart(part, {}))],
    picture: report.picture,
  };
}

function toPart({ asked, columns, key, ...part }: Part, hidden: Columns): Entry['parts'][number] {
  return { ...part, key: [...key], asked: asked ?? null, columns: toColumns(columns), hidden: toColumns(hidden) };
}

const toColumns = (columns: Columns) =>
  Object.entries(columns).map(([name, declared]) => ({ name, unit: null, better: null, ...declared }));
