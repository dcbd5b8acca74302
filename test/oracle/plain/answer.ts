/** Which plain computation answers what. */
import { readdirSync } from 'node:fs';
import type { Figure, Part, PickBehind } from './behind.ts';
import type { LeadStory } from './leads.ts';
import { parameter, type Question, readFilters } from './questions.ts';
import { type Call, readTenant } from './tenant.ts';
import { instant } from './values.ts';
import { type Ask, DEFAULTS, type World } from './world.ts';

/** The `data` of one report, exactly as its JSON parses. */
type Answer = (question: Question) => unknown;

/** The plain computation of one report: its answer, and what stands behind its figures. */
interface Oracle {
  default: Answer;
  behind: PickBehind;
}

const directory = new URL('../', import.meta.url);

/** The plain computations by report: the files of `test/oracle/`. */
export const oracles: ReadonlyMap<string, Oracle> = new Map(
  await Promise.all(
    readdirSync(directory)
      .filter((file) => file.endsWith('.ts'))
      .map(async (file): Promise<[string, Oracle]> => {
        return [file.slice(0, -3), (await import(new URL(file, directory).href)) as Oracle];
      }),
  ),
);

function oracleOf(report: string): Oracle {
  const oracle = oracles.get(report);
  if (!oracle) throw new Error(`no plain computation knows ${report}: write test/oracle/${report}.ts`);
  return oracle;
}

/** The `data` that a valid ask gets. */
export function answer(world: World, ask: Ask): unknown {
  return answerTo(ask.report, readAsk(world, ask));
}

/** The `data` of a report that is asked so. */
export function answerTo(report: string, question: Question): unknown {
  return oracleOf(report).default(question);
}

/** The calls or leads behind a figure of what a valid ask gets, for whoever may see a part of the tenant. */
export function behind(world: World, ask: Ask, part: Part): (figure: Figure) => Call[] | LeadStory[] {
  const { filters, ...question } = readAsk(world, ask);
  const agents = part.agent === null ? filters.agents : new Set([part.agent]);
  const narrowed = { ...question, filters: { ...filters, team: part.team ?? filters.team, agents } };
  return (figure) => oracleOf(ask.report).behind(narrowed, figure, part);
}

/** An ask, read. */
export function readAsk(world: World, { tenant_id, params, thresholds = DEFAULTS }: Ask): Question {
  return {
    tenant: readTenant(world, tenant_id),
    tenantId: tenant_id,
    params,
    now: instant(world.now),
    zone: parameter(params, 'timezone') ?? 'UTC',
    filters: readFilters(params),
    thresholds,
  };
}
