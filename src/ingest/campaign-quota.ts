/** Keeps a tenant from having more campaigns than can be listed and measured. */
import { TooManyCampaigns } from '../errors.ts';
import { join, sql } from '../sql.ts';
import { ingested } from '../store/door.ts';
import type { Store } from '../store/store.ts';

/** How many campaigns a tenant may have: each is listed, and measured every minute. */
export interface CampaignQuota {
  /** Makes sure that the tenant may have these campaigns beside its others. Throws TooManyCampaigns. */
  assertRoom(tenantId: number, campaignIds: readonly number[]): Promise<void>;
}

const mostTenantsKnown = 1000;

/** The campaigns that rows of a tenant name, by table. */
const named = (tenantId: number) =>
  [ingested.campaigns, ingested.calls, ingested.leads].map(
    ({ versions }) => sql`SELECT DISTINCT campaign_id FROM ${versions.of(tenantId)} AS rows`,
  );

/** Opens the quota. The campaigns of a tenant are read when it first takes rows in, and known from then on. */
export function openCampaignQuota(store: Store, most: number): CampaignQuota {
  // In the order in which they were read: the oldest is forgotten first.
  const known = new Map<number, Set<number>>();

  async function read(tenantId: number): Promise<Set<number>> {
    const rows = await store.query<{ campaign_id: number }>(
      sql`SELECT DISTINCT campaign_id FROM (${join(named(tenantId), sql` UNION ALL `)})`,
      { lane: 'own' },
    );
    const found = new Set(rows.map(({ campaign_id }) => campaign_id));
    known.delete(tenantId);
    known.set(tenantId, found);
    if (known.size > mostTenantsKnown) known.delete(known.keys().next().value ?? 0);
    return found;
  }

  return {
    async assertRoom(tenantId, campaignIds) {
      if (campaignIds.length === 0) return;
      const areNew = (of: Set<number>) => campaignIds.filter((id) => !of.has(id));
      let campaigns = known.get(tenantId) ?? (await read(tenantId));
      // Some of those that are known may have been purged since.
      if (areNew(campaigns).length > 0 && campaigns.size + areNew(campaigns).length > most)
        campaigns = await read(tenantId);
      const fresh = areNew(campaigns);
      if (fresh.length > 0 && campaigns.size + fresh.length > most) {
        throw new TooManyCampaigns(most);
      }
      for (const id of fresh) campaigns.add(id);
    },
  };
}
