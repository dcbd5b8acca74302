/** Every question that can be asked of a report: each parameter absent and with each of its values, for every part of a tenant. */
import { narrow, type Principal } from '../src/access/roles.ts';
import type { Param, RawParams } from '../src/engine/params.ts';
import { paramsOf, type Report } from '../src/engine/report.ts';
import { type Question, readQuestion } from '../src/engine/run.ts';

/** Both ways to say a window; in New York clocks change in it. */
const windows: RawParams[] = [
  { date_from: '2026-03-01', date_to: '2026-03-20' },
  { date_from: '2026-03-01T05:30:00Z', date_to: '2026-03-20T17:15:00Z' },
];

/** The parameters that every report has, with what they are asked with. */
const shared: Record<string, string> = {
  campaign_id: '1',
  team_id: '2',
  agent_ids: '1,2',
  timezone: 'America/New_York',
};

/** The parts of a tenant that a token may be held to. */
const parts: Pick<Principal, 'teamId' | 'agentId'>[] = [{}, { teamId: 2 }, { agentId: 1 }];

/** A question, and who asks it. */
export interface AskedBy {
  question: Question;
  agentId?: number | undefined;
}

/** Every question of a report, by its declaration. */
export function everyQuestion(report: Report, tenantId: number, now: number): AskedBy[] {
  const { date_from, date_to, ...params } = paramsOf(report) as Record<string, Param>;
  const asked = Object.entries(params).reduce<RawParams[]>(
    (all, [name, param]) =>
      all.flatMap((raw) => [
        ...(param.required ? [] : [raw]),
        ...(shared[name] ? [shared[name]] : valuesOf(name, param, now)).map((value) => ({ ...raw, [name]: value })),
      ]),
    date_from ? windows : [{}],
  );
  return asked.flatMap((raw) =>
    parts.flatMap((part) => {
      const question = readQuestion(report, raw, { now });
      const filters = narrowed({ role: 'supervisor', tenantId, ...part }, question);
      return filters ? [{ question: { ...question, filters }, agentId: part.agentId }] : [];
    }),
  );
}

/** What a parameter may be given: all words, both ends of a number. */
function valuesOf(name: string, { schema, example, read }: Param, now: number): string[] {
  const { type, enum: words, minimum, maximum } = schema as Record<string, never>;
  if (type === 'boolean') return ['true', 'false'];
  if (words) return words;
  if (maximum !== undefined) return [String(minimum), String(maximum)];
  const tried = [...(example ? [example] : []), '2026-03-10T10:30:00Z', '1', 'some words'];
  const good = tried.find((text) => 'value' in read(text, name, { now }));
  if (good) return [good];
  throw new Error(`test/questions.ts does not know what ${name} may be given: its declaration needs an example`);
}

/** The filters within a part, or undefined when the part may not ask so. */
function narrowed(principal: Principal, { filters }: Question): Question['filters'] | undefined {
  try {
    return narrow(principal, filters);
  } catch {
    return undefined;
  }
}
