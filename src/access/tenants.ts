/** The tenants there are: finding, listing and naming them, also those that only their rows tell of. */
import { type Static, Type } from 'typebox';
import { closed } from '../shapes.ts';
import { sql } from '../sql.ts';
import { ingested } from '../store/door.ts';
import { tenants } from '../store/kept/access.ts';
import type { Store } from '../store/store.ts';

/** A tenant as JSON: a customer whose rows nobody else sees. */
export const tenantSchema = closed({
  tenant_id: Type.Integer({ minimum: 1 }),
  name: Type.String(),
  timezone: Type.String({
    description: 'The zone that its people think in; reports still group by the `timezone` of each request',
  }),
});
/** A tenant. */
export type Tenant = Static<typeof tenantSchema>;

/** A tenant in a list of all, as JSON. */
export const listedTenantSchema = closed({
  ...tenantSchema.properties,
  has_row: Type.Boolean({ description: 'False: nobody has named it yet, and its rows alone say that it is there' }),
});
/** A tenant in a list of all. */
export type ListedTenant = Static<typeof listedTenantSchema>;

/** The tenant's row, or undefined when nobody has named it yet. */
export async function findTenant(store: Store, tenantId: number): Promise<Tenant | undefined> {
  const rows = await store.query<Tenant>(
    sql`SELECT tenant_id, name, timezone FROM ${tenants.of(tenantId)} AS tenants`,
    { lane: 'own', tenantId },
  );
  return rows[0];
}

/** A tenant as it is shown: a plain name until it has a row. */
export function unnamedTenant(tenantId: number): Tenant {
  return { tenant_id: tenantId, name: `Tenant ${tenantId}`, timezone: 'UTC' };
}

/** All tenants with a row, and all that own calls or leads without having one. */
export async function listTenants(store: Store): Promise<ListedTenant[]> {
  const named = await store.query<Tenant>(
    sql`SELECT tenant_id, name, timezone FROM ${tenants.ofEveryTenant} AS tenants ORDER BY tenant_id`,
  );
  const owners = await store.query<{ tenant_id: number }>(
    sql`SELECT DISTINCT tenant_id FROM (SELECT DISTINCT tenant_id FROM ${ingested.calls.versions.ofEveryTenant} AS calls
      UNION ALL SELECT DISTINCT tenant_id FROM ${ingested.leads.versions.ofEveryTenant} AS leads)`,
  );
  const known = new Set(named.map((tenant) => tenant.tenant_id));
  const unnamed = owners.map((owner) => owner.tenant_id).filter((tenantId) => !known.has(tenantId));
  return [
    ...named.map((tenant) => ({ ...tenant, has_row: true })),
    ...unnamed.map((tenantId) => ({ ...unnamedTenant(tenantId), has_row: false })),
  ].sort((one, other) => one.tenant_id - other.tenant_id);
}

/** Names a tenant, or changes its name or zone. */
export async function setTenant(store: Store, tenant: Tenant, version: number): Promise<void> {
  await tenants.add(store, [{ ...tenant, version }]);
}
