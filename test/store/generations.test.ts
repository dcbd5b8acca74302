import { expect, test } from 'vitest';
import { type TableName, tableNames, tables } from '../../src/tables.ts';

// The columns of each table, generation by generation: those that a generation has beyond the one before it.
const columnsByGeneration: Record<TableName, readonly (readonly string[])[]> = {
  campaigns: [['campaign_id', 'name', 'status', 'abandon_limit_pct', 'abandon_window_minutes', 'abandon_basis']],
  teams: [['team_id', 'name']],
  agents: [['agent_id', 'name', 'username', 'team_id']],
  dispositions: [['code', 'label', 'category', 'color', 'is_conversion']],
  caller_ids: [['cid', 'display_name', 'carrier', 'cli_type', 'pool_status', 'cooldown_until', 'daily_cap']],
  leads: [['lead_id', 'campaign_id', 'source', 'created_at']],
  calls: [
    [
      'call_id',
      'campaign_id',
      'lead_id',
      'agent_id',
      'team_id',
      'cid',
      'started_at',
      'outcome',
      'block_reason',
      'talk_sec',
      'hold_sec',
      'wrap_sec',
      'disposition_code',
      'is_conversion',
    ],
  ],
};

test.each(tableNames)('%s: rows that are sent again with a new column win over themselves', (table) => {
  const generations = columnsByGeneration[table];
  const remedy =
    `The columns of ${table} and its generation belong together, else rows that are sent again with a new column are lost by chance. ` +
    `When columns are new: raise "generation" of ${table} in src/tables.ts by one, and append a list of them to columnsByGeneration here. ` +
    'Change no list of a generation that has been released.';
  expect(tables[table].generation, remedy).toBe(generations.length - 1);
  expect(Object.keys(tables[table].columns).sort(), remedy).toEqual([...generations.flat()].sort());
  // The version has sixteen bits for it.
  expect(tables[table].generation).toBeLessThan(2 ** 16);
});
