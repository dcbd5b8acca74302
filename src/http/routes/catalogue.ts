/** What can be asked: the catalogue of reports, and what their figures mean. */
import { Type } from 'typebox';
import { definitions } from '../../engine/definitions.ts';
import { firstRunning } from '../../engine/lists.ts';
import { unitNames } from '../../engine/units.ts';
import { closed, orNull, word } from '../../shapes.ts';
import type { Store } from '../../store/store.ts';
import { dataAnswer, listAnswer } from '../answers/answer-kinds.ts';
import { reportSchema, shownTo, startSchema } from '../answers/catalogue.ts';
import { toMe } from '../answers/me.ts';
import type { Asker } from '../asker.ts';
import { reportsPath } from '../report-path.ts';
import { defineRoute, type Route } from '../route.ts';

const name = Type.String();

const definitionSchema = closed({
  name,
  kind: word(['word', 'figure'], 'A word says something of one call or lead, a figure of many'),
  meaning: Type.String(),
  formula: Type.String(),
  unit: orNull(word(unitNames, 'What it counts or measures')),
  source: orNull(Type.String({ description: 'Where a known formula comes from' })),
  version: Type.String({ description: 'Another one whenever the formula is' }),
});

const tags = ['Around the reports'];

/** The catalogue of reports, and what their figures mean. */
export function catalogueRoutes({ store }: { store: Store }): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: reportsPath,
      permission: 'reports',
      about: { tags, operationId: 'reports', summary: 'The catalogue of reports' },
      answer: listAnswer(reportSchema),
      handler: ({ asker }) => shownTo(asker.principal),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/telesales/definitions',
      permission: 'reports',
      about: { tags, operationId: 'definitions', summary: 'What each word and figure means, and how it is computed' },
      answer: listAnswer(definitionSchema),
      handler: () => definitions,
    }),
    defineRoute({
      method: 'GET',
      path: '/api/telesales/start',
      permission: 'any',
      about: {
        tags,
        operationId: 'start',
        summary: 'What a screen begins with',
        description:
          'Who asks, the catalogue of what they may see, and a campaign to begin with: `me` and `reports` in one answer.',
      },
      answer: dataAnswer(startSchema),
      handler: async ({ asker }) => {
        const [me, runningId] = await Promise.all([toMe(store, asker.principal), toRunning(asker)]);
        return { me, reports: shownTo(asker.principal), running_campaign_id: runningId };
      },
    }),
  ];
}

/** Which campaigns a part of a tenant calls for, its calls alone tell: too long a question to begin with. */
async function toRunning({ principal: { tenantId, teamId, agentId }, query }: Asker): Promise<number | null> {
  if (teamId !== undefined || agentId !== undefined) return null;
  const [row] = await query<{ campaign_id: number }>(firstRunning(tenantId));
  return row ? Number(row.campaign_id) : null;
}
