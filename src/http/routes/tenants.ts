/** Tenants: which there are, and what they are called. For whoever holds the server's local key. */
import type { ChangeLog } from '../../access/change-log.ts';
import {
  findTenant,
  listedTenantSchema,
  listTenants,
  setTenant,
  tenantSchema,
  unnamedTenant,
} from '../../access/tenants.ts';
import { words, zone } from '../../engine/params.ts';
import type { Store } from '../../store/store.ts';
import { dataAnswer, listAnswer } from '../answers/answer-kinds.ts';
import { bodyOf } from '../asked/input.ts';
import { assertTenant } from '../guards/auth.ts';
import { defineRoute, type Route } from '../route.ts';

const tenantParams = { name: words('Its name', 200), timezone: zone('Its zone') };

/** What tenants are named with. */
export interface TenantServices {
  store: Store;
  changeLog: ChangeLog;
  stamp: () => number;
}

/** List tenants, and name one. */
export function tenantRoutes({ store, changeLog, stamp }: TenantServices): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/operator/tenants',
      permission: 'operate',
      answer: listAnswer(listedTenantSchema),
      handler: () => listTenants(store),
    }),
    defineRoute({
      method: 'PUT',
      path: '/api/operator/tenant',
      permission: 'operate',
      body: bodyOf(tenantParams),
      answer: dataAnswer(tenantSchema),
      handler: async ({ body: { name, timezone }, asker: { principal } }) => {
        const tenantId = assertTenant(principal.tenantId);
        const before = (await findTenant(store, tenantId)) ?? unnamedTenant(tenantId);
        const tenant = { ...before, ...(name && { name }), ...(timezone && { timezone }) };
        await setTenant(store, tenant, stamp());
        const details = { name: tenant.name, timezone: tenant.timezone };
        await changeLog.add(principal, { tenantId, action: 'tenant.named', details });
        return tenant;
      },
    }),
  ];
}
