/** What an answer says of itself, as JSON. */
import { type Static, type TSchema, Type } from 'typebox';
import { amount, closed, isoInstant, named, orNull } from '../shapes.ts';

const id = () => Type.Integer({ minimum: 1 });
const campaign = closed({ campaign_id: id(), name: Type.String() }, { description: 'The campaign that was asked for' });
const team = closed({ team_id: id(), name: Type.String() });
const agent = closed({ agent_id: id(), name: Type.String() });
const instant = (description: string) => orNull(isoInstant(description));
const described = <S extends TSchema>(schema: S, description: string) => ({ ...schema, description });

/** What an answer is made of. */
export const aboutSchema = closed({
  report: Type.String({ description: 'The report' }),
  tenant: closed({ tenant_id: id(), name: Type.String() }, { description: 'Whose rows' }),
  window: closed(
    { from: isoInstant('Its first instant'), to: isoInstant('Its end, exclusive') },
    { description: 'The window; of a report on the present the campaign\u2019s' },
  ),
  asked: orNull(
    closed(
      { date_from: Type.String(), date_to: Type.String() },
      { description: 'The window as it was asked for; null where the report has a window of its own' },
    ),
  ),
  timezone: Type.String({ description: 'The zone of its days and hours' }),
  filters: closed(
    {
      campaign: orNull(campaign),
      team: Type.Optional(orNull(described(team, 'The team that was asked for'))),
      agents: Type.Optional(orNull(Type.Array(agent, { description: 'The agents that were asked for' }))),
    },
    { description: 'The filters that were asked for; those that the report does not take are not there' },
  ),
  part: orNull(
    closed(
      { team: Type.Optional(team), agent: Type.Optional(agent) },
      { description: 'The part of the tenant that the token is held to; null: all of it' },
    ),
  ),
  params: named(Type.String(), {
    description: 'The report\u2019s own parameters that were given, as they were written',
  }),
  computed_at: isoInstant('The clock of the request'),
  data_until: closed(
    {
      taken_in_at: instant('When calls were last taken in; null: not since the server keeps it'),
      last_call_at: instant('When the last call began, those dated after `computed_at` left out; null: there is none'),
    },
    { description: 'How far the calls go: those of the campaign that was asked for, else all of the tenant\u2019s' },
  ),
  has_ended: Type.Boolean({ description: 'Whether the window had ended at `computed_at`' }),
  incomplete_buckets: Type.Array(Type.String(), {
    description:
      'The days, weeks, hours or slots that the window has in part only, or that had not ended: the values of their columns, a space between two',
  }),
  undisposed: Type.Array(
    closed({
      day: Type.String({ description: 'The local day' }),
      handled: amount('Dials on which an agent talked'),
      undisposed: amount('Those of them that have no disposition yet'),
      pct: Type.Number({ minimum: 0, maximum: 100, description: 'undisposed / handled x 100' }),
    }),
    {
      description:
        'Dispositions come late: the newest days of the window that had begun, at most 3, the newest first, within the question\u2019s filters',
    },
  ),
  definitions_version: Type.String({
    description: 'Another one whenever any definition is (`/api/telesales/definitions`)',
  }),
  refused_rows_30_days: Type.Optional(
    amount('Rows of the tenant that were refused in the last 30 days; for those alone who may read them'),
  ),
});

/** What an answer is made of. */
export type About = Static<typeof aboutSchema>;
