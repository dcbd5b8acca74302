/** What an answer says of itself when it is asked to: found out by the engine, and by what the server alone knows. */
import { permissionsOf } from '../../access/roles.ts';
import type { TenantSettings } from '../../access/settings.ts';
import { findTenant, unnamedTenant } from '../../access/tenants.ts';
import { type AskedAnswer, findAbout } from '../../engine/about.ts';
import type { About } from '../../engine/about-schema.ts';
import type { Question } from '../../engine/run.ts';
import { dayMs } from '../../engine/time.ts';
import { countRefused } from '../../ingest/refused.ts';
import type { WayIn } from '../../ingest/way-in.ts';
import type { Asker } from '../asker.ts';

/** What it is found out with. */
export interface AboutServices {
  settings: TenantSettings;
  wayIn: { importer: Pick<WayIn['importer'], 'lastArrivals'> };
}

/** A question as it is answered, and how it was asked. */
export interface ToldQuestion extends Pick<AskedAnswer, 'filters' | 'written' | 'params'> {
  /** Within the asker's part of the tenant. */
  question: Question;
  now: number;
}

/** What the answer to a question is made of; undefined when nobody asks for it. */
export async function aboutOf(
  { settings, wayIn }: AboutServices,
  { principal, tenantId, store, query }: Asker,
  { question, now, ...asked }: ToldQuestion,
): Promise<About | undefined> {
  if (!question.with?.includes('about')) return undefined;
  const mayKnow = permissionsOf(principal).includes('refused_rows');
  const [tenant, ownSettings, arrivedAt, refusedRows] = await Promise.all([
    findTenant(store, tenantId),
    settings.of(tenantId),
    wayIn.importer.lastArrivals.last(store, tenantId, question.filters.campaignId),
    mayKnow ? countRefused(store, tenantId, now - 30 * dayMs) : undefined,
  ]);
  const { name } = tenant ?? unnamedTenant(tenantId);
  return findAbout(
    question,
    { tenantId, agentId: principal.agentId, now, query, settings: ownSettings },
    {
      ...asked,
      tenant: { tenant_id: tenantId, name },
      part: principal,
      arrivedAt,
      ...(refusedRows !== undefined && { refusedRows }),
    },
  );
}
