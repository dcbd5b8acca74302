/** The doors to tables outside reports: each relation says whose rows it has, so that no tenant sees another's. */
import { name, type Sql, sql } from '../sql.ts';
import { type TableName, tableNames } from '../tables.ts';

/** Whose the rows of a table are: one tenant's each; that, and those of tenant 0 are everybody's; or the server's own. */
export type Owner = 'tenant' | 'tenant or everybody' | 'server';

/** Rows that belong to tenants, each time as a relation for FROM: `FROM ${rows.of(tenantId)} AS hooks`. */
export interface TenantRows {
  /** A tenant's. */
  of(tenantId: number): Sql;
  /** Those of the tenants that a SELECT names: for work that tenants share. */
  ofTenantsIn(tenants: Sql): Sql;
  /** Every tenant's: for the server's own work, and for whoever runs it. */
  readonly ofEveryTenant: Sql;
}

/** A table whose rows belong to tenants: those that count, all versions on disk, and the way to remove some for good. */
export interface TenantDoor extends TenantRows {
  readonly table: string;
  readonly versions: TenantRows;
  /** Removes a tenant's rows of a condition for good: over columns outside of the key it may bring older versions back. */
  removal(tenantId: number, which: Sql): Sql;
}

/** A table of the server's own: the rows that count, and all versions on disk. */
export interface ServerDoor {
  readonly table: string;
  readonly all: Sql;
  readonly versions: { readonly all: Sql };
}

const ofOne = {
  tenant: sql`tenant_id = {tenant:UInt64}`,
  'tenant or everybody': sql`tenant_id IN ({tenant:UInt64}, 0)`,
};

/** Whether rows of two relations are one tenant's: what joins them. */
export function areOneTenants(one: string, other: string): Sql {
  return sql`${name(one)}.tenant_id = ${name(other)}.tenant_id`;
}

/** The door to a table whose rows belong to tenants; `current` are those of its rows that count. */
export function openTenantDoor(table: string, current: Sql, owner: keyof typeof ofOne = 'tenant'): TenantDoor {
  const isOf = (tenantId: number) => ofOne[owner].bind({ tenant: tenantId });
  const isItsOwn = (tenantId: number) => ofOne.tenant.bind({ tenant: tenantId });
  const toRows = (from: Sql): TenantRows => ({
    of: (tenantId) => sql`(SELECT * FROM ${from} WHERE ${isOf(tenantId)})`,
    ofTenantsIn: (tenants) => sql`(SELECT * FROM ${from} WHERE tenant_id IN (${tenants}))`,
    ofEveryTenant: sql`(SELECT * FROM ${from})`,
  });
  return {
    table,
    ...toRows(current),
    versions: toRows(name(table)),
    removal: (tenantId, which) => sql`ALTER TABLE ${name(table)} DELETE WHERE ${isItsOwn(tenantId)} AND (${which})`,
  };
}

/** The door to a table of the server's own; `current` are those of its rows that count. */
export function openServerDoor(table: string, current: Sql): ServerDoor {
  const toAll = (from: Sql) => ({ all: sql`(SELECT * FROM ${from})` });
  return { table, ...toAll(current), versions: toAll(name(table)) };
}

/** The doors to the tables that go in, for what is no report: a report reads them through its scope. */
export const ingested = Object.fromEntries(
  tableNames.map((table) => [table, openTenantDoor(table, sql`${name(table)} FINAL`)]),
) as Record<TableName, TenantDoor>;
