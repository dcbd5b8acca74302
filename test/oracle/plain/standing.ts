/** Which rows stand. */
import { instant, integer, required, text } from './values.ts';
import type { Row, Sending, Table, World } from './world.ts';

/** What makes two rows of a table the same row: one text per identity, over all tenants and tables. */
export function identity({ tenant_id, table, row }: Sending): string {
  return JSON.stringify([tenant_id, table, ...identityColumns(table, row)]);
}

function identityColumns(table: Table, row: Row): (string | number | null)[] {
  switch (table) {
    case 'campaigns':
      return [integer(row, 'campaign_id')];
    case 'teams':
      return [integer(row, 'team_id')];
    case 'agents':
      return [integer(row, 'agent_id')];
    case 'dispositions':
      return [text(row, 'code')];
    case 'caller_ids':
      return [text(row, 'cid')];
    case 'leads':
      return [integer(row, 'lead_id')];
    case 'calls':
      return [integer(row, 'campaign_id'), instant(required(row, 'started_at')), text(row, 'call_id')];
  }
}

/** When a row counts as updated, in epoch milliseconds: its own `updated_at`, else when it was taken in. */
export function stamp({ row, taken_in_at }: Sending): number {
  return instant(text(row, 'updated_at') ?? taken_in_at);
}

/** The rows of one tenant's table that stand: of every identity the one updated last, of equals the later line. */
export function standing(world: World, tenantId: number, table: Table): Row[] {
  const last = new Map<string, Sending>();
  for (const sending of world.sendings) {
    if (sending.tenant_id !== tenantId || sending.table !== table) continue;
    const key = identity(sending);
    const before = last.get(key);
    if (before === undefined || stamp(sending) >= stamp(before)) last.set(key, sending);
  }
  return [...last.values()].map((sending) => sending.row);
}
