import { describe, expect, test } from 'vitest';
import { integer } from '../../src/engine/columns.ts';
import { withNamedColumns } from '../../src/engine/named-columns.ts';
import { type RelationName, relations } from '../../src/engine/relations.ts';
import { defineReport } from '../../src/engine/report.ts';
import { answer, streamRows } from '../../src/engine/run.ts';
import { type Filters, openScope, type Scope } from '../../src/engine/scope.ts';
import { defaultSettings } from '../../src/engine/settings.ts';
import { type Sql, sql } from '../../src/sql.ts';
import { agent, call, now, openWorld } from '../world.ts';

const world = openWorld();
const window = { from: Date.parse('2026-06-01'), to: Date.parse('2026-06-08') };
const openedWith = (filters: Filters = {}) =>
  openScope({ tenantId: world.tenantId, window, filters, settings: defaultSettings });

test.each(Object.keys(relations) as RelationName[])(
  '%s has the columns that are listed, of their types',
  async (name) => {
    const listed = Object.entries(relations[name].columns).map(([column, { type }]) => ({ name: column, type }));
    const found = await world.store.query<{ name: string; type: string }>(sql`DESCRIBE ${openedWith()[name]}`);
    expect(found.map(({ name, type }) => ({ name, type }))).toEqual(listed);
  },
);

describe('the team of a call', () => {
  const teams = async (scope: Scope) => {
    const statement = sql`SELECT calls.team_id AS team, count() AS calls FROM ${scope.calls} AS calls GROUP BY team ORDER BY team`;
    return world.store.query<{ team: number; calls: number }>(withNamedColumns(statement, scope));
  };

  test('is its own, else its agent\u2019s, else none; and is what the filter counts', async () => {
    await world.ingest('agents', [
      agent({ agent_id: 1, team_id: 5 }),
      agent({ agent_id: 2, team_id: 6 }),
      agent({ agent_id: 3 }),
    ]);
    await world.ingest('calls', [
      call({ agent_id: 1 }),
      call({ agent_id: 1, team_id: 6 }),
      call({ agent_id: 2 }),
      call({ agent_id: 3 }),
      call({ agent_id: 9 }),
      call({ agent_id: null }),
    ]);
    const all = await teams(openedWith());
    expect(all).toEqual([
      { team: 0, calls: 3 },
      { team: 5, calls: 1 },
      { team: 6, calls: 2 },
    ]);
    for (const { team, calls } of all.filter(({ team }) => team !== 0))
      expect(await teams(openedWith({ teamId: team }))).toEqual([{ team, calls }]);
    expect(await teams(openedWith({ teamId: 7 }))).toEqual([]);
  });

  test('is none where no agent has a row', async () => {
    await world.ingest('calls', [call({ agent_id: 1 })]);
    expect(await teams(openedWith())).toEqual([{ team: 0, calls: 1 }]);
  });

  test('is looked up for a statement that names it, and for no other', () => {
    const lookUp = /transform\(/;
    const scope = openedWith();
    const asked = (select: Sql) => withNamedColumns(select, scope).text;
    expect(asked(sql`SELECT calls.team_id FROM ${scope.calls} AS calls`)).toMatch(lookUp);
    expect(asked(sql`SELECT team_id FROM ${scope.calls}`)).toMatch(lookUp);
    expect(asked(sql`SELECT count() FROM ${scope.calls} AS calls`)).not.toMatch(lookUp);
    expect(asked(sql`SELECT count() FROM ${scope.leads} AS leads`)).not.toMatch(lookUp);
    // The agents' own team is no look-up.
    expect(
      asked(sql`SELECT known.name FROM ${scope.calls} AS calls JOIN ${scope.agents} AS known USING agent_id`),
    ).not.toMatch(lookUp);
  });
});

describe('a column that is not there', () => {
  const reportOf = (make: (scope: Scope<'before'>) => Sql) =>
    defineReport({
      name: 'mistaken',
      title: 'Mistaken',
      about: 'It names what is not there.',
      columns: { n: integer('Number', 'A number') },
      counts: { of: 'calls' },
      wider: { before: { of: 'calls', why: 'Two windows.', span: () => ({ from: 0, to: 1 }), filters: 'asked' } },
      sql: make,
    });
  const askedOf = async (make: (scope: Scope<'before'>) => Sql) => {
    const question = { report: reportOf(make), filters: {}, timezone: 'UTC', window, params: {} };
    const desk = {
      tenantId: world.tenantId,
      now: Date.parse(now),
      query: (statement: Sql) => world.store.query(statement),
    };
    const told = await answer(question, desk as never).catch((error: Error) => error.message);
    const streaming = streamRows(question, {
      ...desk,
      stream: (statement: Sql) => world.store.stream(statement),
    } as never);
    await expect(streaming.next()).rejects.toThrow(String(told));
    return told;
  };
  const hasOfCalls = `calls has ${Object.keys(relations.calls.columns).join(', ')}.`;

  test('is told with its relation, a near name and all that there is', async () => {
    expect(await askedOf(({ calls }) => sql`SELECT sum(calls.teem_id) AS n FROM ${calls} AS calls`)).toBe(
      `mistaken: calls has no column "teem_id". Did you mean "team_id"? ${hasOfCalls} See docs/relations.md.`,
    );
    expect(await askedOf(({ calls }) => sql`SELECT sum(is_dail) AS n FROM ${calls} AS calls`)).toBe(
      `mistaken: nothing that it reads has a column "is_dail". Did you mean "is_dial"? ${hasOfCalls} See docs/relations.md.`,
    );
    expect(await askedOf(({ before }) => sql`SELECT sum(earlier.talk_sec) AS n FROM ${before} AS earlier`)).toMatch(
      /^mistaken: before has no column "talk_sec". Did you mean "talked_sec"\? before has call_id, campaign_id, /,
    );
    expect(
      await askedOf(
        ({ calls, agents }) =>
          sql`SELECT count() AS n FROM ${calls} AS calls LEFT JOIN ${agents} AS known ON known.id = calls.agent_id`,
      ),
    ).toBe('mistaken: agents has no column "id". agents has agent_id, name, username, team_id. See docs/relations.md.');
  });

  test('of a sub-select of its own is told, too', async () => {
    expect(
      await askedOf(
        ({ teams }) => sql`SELECT counted.m AS n FROM (SELECT count() AS n FROM ${teams} AS teams) AS counted`,
      ),
    ).toBe(`mistaken: "counted", which the statement makes itself, has no column "m".`);
  });

  test('leaves other errors as they are', async () => {
    expect(await askedOf(({ calls }) => sql`SELECT nosuch(1) AS n FROM ${calls} AS calls`)).toMatch(/nosuch/);
  });
});
