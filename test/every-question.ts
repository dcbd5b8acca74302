/** Every question that can be asked of a report: each parameter absent and with each of its values, for every part of a tenant. */
import { narrow, type Principal } from '../src/access/roles.ts';
import type { RawParams } from '../src/engine/params.ts';
import type { Report } from '../src/engine/report.ts';
import { type Question, readQuestion } from '../src/engine/run.ts';
import { declaredOf, valuesOf } from './questions.ts';

/** Both ways to say a window; in New York clocks change in it. */
const windows: RawParams[] = [
  { date_from: '2026-03-01', date_to: '2026-03-20' },
  { date_from: '2026-03-01T05:30:00Z', date_to: '2026-03-20T17:15:00Z' },
];

/** The parameters that every report has, with what they are asked with. */
const shared: Record<string, string[]> = {
  campaign_id: ['1'],
  team_id: ['2'],
  agent_ids: ['1,2'],
  timezone: ['America/New_York'],
};

/** Campaigns of other terms: a report that is about one campaign may ask differently by them. */
const campaigns = ['1', '3'];

/** The parts of a tenant that a token may be held to. */
const parts: Pick<Principal, 'teamId' | 'agentId'>[] = [{}, { teamId: 2 }, { agentId: 1 }];

/** A question, and who asks it. */
export interface AskedBy {
  question: Question;
  agentId?: number | undefined;
  /** The part of the tenant that may be seen. */
  part: Pick<Principal, 'teamId' | 'agentId'>;
}

/** Every question of a report, by its declaration. One that is compared asks the same of another window. */
export function everyQuestion(report: Report, tenantId: number, now: number): AskedBy[] {
  const { date_from, date_to, compare: _, ...params } = declaredOf(report);
  const asked = Object.entries(params).reduce<RawParams[]>(
    (all, [name, param]) =>
      all.flatMap((raw) => [
        ...(param.required ? [] : [raw]),
        ...(param.required && name === 'campaign_id' ? campaigns : (shared[name] ?? valuesOf(name, param))).map(
          (value) => ({ ...raw, [name]: value }),
        ),
      ]),
    date_from ? windows : [{}],
  );
  return asked.flatMap((raw) =>
    parts.flatMap((part) => {
      const question = readQuestion(report, raw, { now });
      const filters = narrowed({ role: 'supervisor', tenantId, ...part }, question);
      return filters ? [{ question: { ...question, filters }, agentId: part.agentId, part }] : [];
    }),
  );
}

/** The filters within a part, or undefined when the part may not ask so. */
function narrowed(principal: Principal, { filters }: Question): Question['filters'] | undefined {
  try {
    return narrow(principal, filters);
  } catch {
    return undefined;
  }
}
