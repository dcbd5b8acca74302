/** Whose token it is that asks, as JSON: what a screen shows and offers follows from it. */
import { type Static, Type } from 'typebox';
import { askerRoles, type Principal, permissionNames, permissionsOf } from '../../access/roles.ts';
import { findTenant, tenantSchema, unnamedTenant } from '../../access/tenants.ts';
import { closed, orNull, word } from '../../shapes.ts';
import type { Store } from '../../store/store.ts';

/** Who a token is, as JSON. */
export const meSchema = closed({
  tenant: tenantSchema,
  role: word(askerRoles),
  team_id: orNull(Type.Integer()),
  agent_id: orNull(Type.Integer()),
  may: Type.Array(word(permissionNames)),
});

/** Says who a principal is. */
export async function toMe(store: Store, principal: Principal): Promise<Static<typeof meSchema>> {
  const { tenantId, role, teamId = null, agentId = null } = principal;
  return {
    tenant: (await findTenant(store, tenantId)) ?? unnamedTenant(tenantId),
    role,
    team_id: teamId,
    agent_id: agentId,
    may: [...permissionsOf(principal)],
  };
}
