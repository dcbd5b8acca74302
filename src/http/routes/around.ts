/** What a filter bar needs: who am I, and which campaigns, teams and agents are there for me. */
import { Type } from 'typebox';
import { listAgents, listCampaigns, listTeams } from '../../engine/lists.ts';
import { words } from '../../engine/params.ts';
import { closed, orNull, word } from '../../shapes.ts';
import type { Store } from '../../store/store.ts';
import { campaignStatuses } from '../../tables.ts';
import { dataAnswer } from '../answers/answer-kinds.ts';
import { meSchema, toMe } from '../answers/me.ts';
import { rowsAnswer } from '../answers/rows.ts';
import { queryOf } from '../asked/input.ts';
import { defineRoute, type Route } from '../route.ts';

const tags = ['Around the reports'];
const id = () => Type.Integer({ minimum: 1 });
const campaignSchema = closed({ campaign_id: id(), name: Type.String(), status: word(campaignStatuses) });
const teamSchema = closed({ team_id: id(), name: Type.String() });
const agentSchema = closed({
  agent_id: id(),
  name: Type.String(),
  username: Type.String(),
  team_id: orNull(Type.Integer()),
});

/** The token's own facts, and lists of what it may filter by. */
export function aroundRoutes({ store }: { store: Store }): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/telesales/me',
      permission: 'any',
      about: { tags, operationId: 'me', summary: 'Who this token is' },
      answer: dataAnswer(meSchema),
      handler: ({ asker: { principal } }) => toMe(store, principal),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/telesales/campaigns',
      permission: 'reports',
      about: { tags, operationId: 'campaigns', summary: 'Campaigns' },
      answer: rowsAnswer(campaignSchema),
      handler: ({ asker }) => asker.stream(listCampaigns(asker.principal)),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/telesales/teams',
      permission: 'reports',
      about: { tags, operationId: 'teams', summary: 'Teams' },
      answer: rowsAnswer(teamSchema),
      handler: ({ asker }) => asker.stream(listTeams(asker.principal)),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/telesales/agents',
      permission: 'reports',
      about: { tags, operationId: 'agents', summary: 'Agents' },
      query: queryOf({ q: words('Part of the name or the username', 200) }),
      answer: rowsAnswer(agentSchema),
      handler: ({ query: { q }, asker }) => asker.stream(listAgents(asker.principal, q)),
    }),
  ];
}
