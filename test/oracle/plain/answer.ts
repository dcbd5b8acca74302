/** Which plain computation answers what. */
import { readdirSync } from 'node:fs';
import { parameter, type Question, readFilters } from './questions.ts';
import { readTenant } from './tenant.ts';
import { instant } from './values.ts';
import { type Ask, DEFAULTS, type World } from './world.ts';

/** The `data` of one report, exactly as its JSON parses. */
type Oracle = (question: Question) => unknown;

const directory = new URL('../', import.meta.url);

/** The plain computations by report: the files of `test/oracle/`. */
export const oracles: ReadonlyMap<string, Oracle> = new Map(
  await Promise.all(
    readdirSync(directory)
      .filter((file) => file.endsWith('.ts'))
      .map(async (file): Promise<[string, Oracle]> => {
        const { default: oracle } = (await import(new URL(file, directory).href)) as { default: Oracle };
        return [file.slice(0, -3), oracle];
      }),
  ),
);

/** The `data` that a valid ask gets. */
export function answer(world: World, ask: Ask): unknown {
  return answerTo(ask.report, readAsk(world, ask));
}

/** The `data` of a report that is asked so. */
export function answerTo(report: string, question: Question): unknown {
  const oracle = oracles.get(report);
  if (!oracle) throw new Error(`no plain computation knows ${report}: write test/oracle/${report}.ts`);
  return oracle(question);
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
