/** The catalogue of reports as it is published: all that is needed to show any of them, also one that is added tomorrow. */
import { type Static, type TProperties, Type } from 'typebox';
import { type Principal, permissionsOf } from '../../access/roles.ts';
import { figuresWithRows } from '../../engine/behind.ts';
import { type BehindKind, behindRows } from '../../engine/behind-columns.ts';
import { behindKindOf } from '../../engine/behind-params.ts';
import { columnKinds } from '../../engine/column-kinds.ts';
import type { Column, Columns } from '../../engine/columns.ts';
import { type Param, toQueryName } from '../../engine/params.ts';
import type { Picture } from '../../engine/pictures.ts';
import { type AnswerPart, paramsOf, partsOf, type Report } from '../../engine/report.ts';
import { unitNames } from '../../engine/units.ts';
import { reports } from '../../reports/index.ts';
import { closed, named, orNull, word } from '../../shapes.ts';
import { pathOf } from '../report-path.ts';
import { meSchema } from './me.ts';

const name = Type.String();
const names = Type.Unsafe<readonly string[]>(Type.Array(name));
const kindNames = Object.keys(columnKinds) as Column['kind'][];
const behindKinds = Object.keys(behindRows) as BehindKind[];

const columnSchema = closed({
  name,
  label: Type.String({ description: 'The heading that people read' }),
  kind: word(kindNames, 'What it holds'),
  unit: orNull(word(unitNames, 'What it counts or measures')),
  meaning: Type.String(),
  digits: Type.Optional(Type.Integer({ description: 'How many decimals it has at most' })),
  max: Type.Optional(Type.Integer({ description: 'It is never above' })),
  nullable: Type.Optional(Type.Boolean({ description: 'It may be null' })),
  code: Type.Optional(Type.Boolean({ description: 'A text that is no name: leading zeros belong to it' })),
  choices: Type.Optional(names),
  tones: Type.Optional(named(word(['good', 'warning', 'bad', 'neutral']), { description: 'Words that are news' })),
  idle: Type.Optional(Type.String({ description: 'Its word where there is nothing to judge by' })),
  of: Type.Optional(Type.String({ description: 'Of a color: the column whose words wear it' })),
  figure: Type.Optional(Type.String({ description: 'Its name among the definitions' })),
  better: orNull(word(['more', 'less'], 'Which direction is good')),
  is_standing: Type.Optional(Type.Boolean({ description: 'It is of the present, whatever the window' })),
  ratio: Type.Optional(
    closed(
      {
        part: name,
        of: name,
        is_share: Type.Boolean({ description: 'All that the part counts is counted by the whole, too' }),
        of_all: Type.Optional(Type.Boolean({ description: 'The whole is that of all rows together' })),
      },
      { description: 'What it divides by what: columns of this part, or hidden ones' },
    ),
  ),
});

const partSchema = closed({
  name,
  title: Type.String(),
  about: Type.String(),
  of: word(['answer', 'row'], 'Whether it stands in the answer, or in each row of the first part'),
  rows: word(['one', 'list'], 'One object, or a list of them'),
  key: Type.Unsafe<readonly string[]>(Type.Array(name, { description: 'Which columns tell a row from all others' })),
  asked: orNull(Type.String({ description: 'The parameter without which it is not there' })),
  columns: Type.Array(columnSchema),
  hidden: Type.Array(columnSchema, { description: 'What rates and averages are made of and no row shows' }),
});

const axis = closed({ column: name, labels: names });
const pictures: Record<Picture['kind'], TProperties> = {
  tiles: {},
  table: {},
  line: { along: name, values: names },
  bars: { along: name, values: names },
  grid: { down: axis, across: axis, value: name, without: Type.String(), note: Type.String() },
  gauge: { value: name, limit: name },
};
const pictureSchema = Type.Unsafe<Picture>({
  description: 'What shows the rows best',
  oneOf: Object.entries(pictures).map(([kind, properties]) => closed({ kind: word([kind]), ...properties })),
});

const parameterSchema = closed({
  name,
  kind: Type.String({ description: 'What it holds' }),
  required: Type.Boolean(),
  default: Type.Optional(Type.String()),
  choices: Type.Optional(names),
  example: Type.Optional(Type.Unsafe<string | number>({ type: ['string', 'integer'] })),
  about: Type.String(),
  is_unused: Type.Boolean({ description: 'It is taken, as all reports do, and changes nothing' }),
  schema: named(Type.Unknown(), { description: 'What it may be, as a JSON schema' }),
});

/** A report of the catalogue, as JSON. */
export const reportSchema = closed({
  name,
  title: Type.String(),
  about: Type.String(),
  path: Type.String(),
  over: word(['window', 'now'], 'Whether it is about a window of calls, or about the present'),
  parameters: Type.Array(parameterSchema),
  columns: Type.Array(columnSchema, { description: 'Those of the first part: a row of files' }),
  parts: Type.Array(partSchema, { description: 'All that an answer has; its own rows first' }),
  picture: pictureSchema,
  behind: closed(
    {
      of: word(behindKinds, 'Whose rows'),
      path: Type.String(),
      figures: Type.Unsafe<readonly string[]>(Type.Array(name, { description: 'The columns that have such rows' })),
      columns: Type.Array(columnSchema, { description: 'What is shown of each row' }),
    },
    { description: 'The rows that stand behind its figures' },
  ),
});

/** What a screen begins with, as JSON: who asks, and what they may see. */
export const startSchema = closed({
  me: meSchema,
  reports: Type.Array(reportSchema),
  running_campaign_id: orNull(
    Type.Integer({
      description:
        'A campaign that runs, to begin with where a report is of one alone; null of a team or an agent, and where none runs',
    }),
  ),
});

/** A report of the catalogue. */
export type ShownReport = Static<typeof reportSchema>;

/** The reports that a principal may see. */
export function shownTo(principal: Principal): ShownReport[] {
  const may = permissionsOf(principal);
  return catalogue.filter(({ permission }) => may.includes(permission)).map(({ shown }) => shown);
}

function toShown(report: Report): ShownReport {
  const [main, ...others] = partsOf(report);
  return {
    name: report.name,
    title: report.title,
    about: report.about,
    path: pathOf(report),
    over: report.over,
    parameters: Object.entries(paramsOf(report)).map(([name, param]) => toParameter(report, name, param)),
    columns: toColumns(report.columns),
    parts: [toPart(main, report.hidden), ...others.map((part) => toPart(part, {}))],
    picture: report.picture,
    behind: toBehind(report),
  };
}

function toBehind(report: Report): ShownReport['behind'] {
  const of = behindKindOf(report);
  return {
    of,
    path: `${pathOf(report)}/${of}`,
    figures: [...figuresWithRows(report).keys()],
    columns: toColumns(behindRows[of].columns),
  };
}

function toParameter({ unused }: Report, name: string, param: Param): ShownReport['parameters'][number] {
  const { kind, about, schema, required = false, choices, example } = param;
  return {
    name: toQueryName(name, param),
    kind,
    required,
    ...(param.default !== undefined && { default: param.default }),
    ...(choices && { choices }),
    ...(example !== undefined && { example }),
    about,
    is_unused: unused.includes(name),
    schema: { ...schema },
  };
}

function toPart({ asked, columns, ...part }: AnswerPart, hidden: Columns): ShownReport['parts'][number] {
  return { ...part, asked: asked ?? null, columns: toColumns(columns), hidden: toColumns(hidden) };
}

const toColumns = (columns: Columns) =>
  Object.entries(columns).map(([name, declared]) => {
    const first = { name, unit: null, better: null };
    return { ...first, ...declared, better: goodOf(declared) };
  });

/** Which direction of a figure is good; null of what has none. */
const goodOf = (column: Column) => ('better' in column && column.better !== 'neither' ? (column.better ?? null) : null);

const catalogue = reports.map((report) => ({ permission: report.permission, shown: toShown(report) }));
