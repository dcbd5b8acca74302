import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import {
  findTenant,
  listedTenantSchema,
  listTenants,
  setTenant,
  tenantSchema,
  unnamedTenant,
} from '../../access/tenants.ts';
import { tokenSchema } from '../../access/tokens.ts';
import { id, moment, oneOf, type RawParams, readParams, words, yesOrNo, zone } from '../../engine/params.ts';
import { toWindow } from '../../engine/window.ts';
import { InvalidParams } from '../../errors.ts';
import { isBlamed, type ParamFault } from '../../faults.ts';
import { ingestFile } from '../../ingest/import.ts';
import { formats } from '../../ingest/layout.ts';
import { reconciliationSchema } from '../../ingest/reconciliation.ts';
import { amount, closed, word } from '../../shapes.ts';
import { FairQueue } from '../../store/fair-queue.ts';
import { type Purged, purgeCalls, purgedSchema, purgeLead } from '../../store/purge.ts';
import { type Store, storeFor } from '../../store/store.ts';
import { tableNames } from '../../tables.ts';
import { answersWith, sendingFaults, toData, toDataList } from '../answers/answers.ts';
import { tellProgress, toProgress } from '../answers/progress.ts';
import { toBodySchema } from '../asked.ts';
import { readBodyParams } from '../bodies/body-params.ts';
import { type Context, principalOf } from '../context.ts';
import { assertTenant } from '../guards/auth.ts';
import { defaultTokens, endToken, readTokenId, tokenListParams } from './tokens.ts';

const importParams = {
  table: { ...oneOf('The table', tableNames), required: true as const },
  format: { ...oneOf('The format', formats), required: true as const },
  path: { ...words('The file on this machine', 4096), required: true as const },
  strict: yesOrNo('All rows or none'),
};

const purgeParams = {
  table: oneOf('The table', ['calls']),
  from: moment('Start'),
  to: moment('End'),
  campaign: id('Only this campaign'),
  lead: id('This lead'),
};

const tenantParams = { name: words('Its name', 200), timezone: zone('Its zone') };

const importSteps = closed({ phase: word(['reading', 'storing']), rows: amount() });

/** What the command line does through a running server: for whoever holds its local key (purge: admins too). */
export function serveOperator(app: FastifyInstance, context: Context): void {
  const { store } = context;
  const reading = () => ({ now: context.now() });
  // Each rewrites what it removes from, and lists it first.
  const purges = new FairQueue([undefined, undefined], { share: 1, waiting: 8 });
  const config = { permission: 'operate' as const };
  const toHidden = (response: object, body?: object) => ({
    schema: { hide: true, response, ...(body && { body }) },
    config,
  });

  app.post(
    '/api/operator/imports',
    toHidden(toProgress(importSteps, reconciliationSchema), toBodySchema(importParams)),
    async (request, reply) => {
      const {
        table = 'calls',
        format = 'csv',
        path = '',
        strict = false,
      } = readBodyParams(importParams, request.body, reading());
      await tellProgress(request, reply, async (say) => {
        const tenantId = assertTenant(principalOf(request).tenantId);
        await context.room.assertFree();
        return ingestFile(context.intake.importer, {
          tenantId,
          table,
          format,
          path,
          strict,
          stamp: context.stamp(),
          onProgress: (phase, rows) => say({ phase, rows }),
        });
      });
    },
  );

  app.get('/api/operator/tenants', toHidden(answersWith(toDataList(listedTenantSchema))), async () => ({
    data: await listTenants(store),
  }));

  app.put(
    '/api/operator/tenant',
    toHidden(answersWith(toData(tenantSchema), sendingFaults), toBodySchema(tenantParams)),
    async (request) => {
      const { name, timezone } = readBodyParams(tenantParams, request.body, reading());
      const tenantId = assertTenant(principalOf(request).tenantId);
      const before = (await findTenant(store, tenantId)) ?? unnamedTenant(tenantId);
      const tenant = { ...before, ...(name && { name }), ...(timezone && { timezone }) };
      await setTenant(store, tenant, context.stamp());
      const details = { name: tenant.name, timezone: tenant.timezone };
      await context.changeLog.add(principalOf(request), { tenantId, action: 'tenant.named', details });
      return { data: tenant };
    },
  );

  // It costs no query: whoever asks wants to know whether this server is there, and takes its key.
  app.get('/api/operator', toHidden(answersWith(toData(closed({ status: Type.Literal('ok') })))), async () => ({
    data: { status: 'ok' },
  }));

  app.get('/api/operator/tokens', toHidden(answersWith(toDataList(tokenSchema))), async (request) => {
    const { limit = defaultTokens } = readParams(tokenListParams, request.query as RawParams, reading());
    return { data: await context.tokens.list(0, limit) };
  });

  app.delete('/api/operator/tokens/:id', toHidden(answersWith(toData(tokenSchema))), async (request) => ({
    data: await endToken(context, principalOf(request), 0, readTokenId(request)),
  }));

  const purged = answersWith(toData(purgedSchema), sendingFaults);
  const purging = {
    schema: { hide: true, body: toBodySchema(purgeParams), response: purged },
    config: { permission: 'purge' as const },
  };
  app.post('/api/telesales/purge', purging, async (request) => {
    const tenantId = assertTenant(principalOf(request).tenantId);
    const asked = readBodyParams(purgeParams, request.body, reading(), checkPurge);
    const { giveBack } = await purges.take({ tenantId, signal: request.gone });
    const removed = await purge(storeFor(store, { lane: 'files', tenantId }), tenantId, asked).finally(giveBack);
    const details = { ...toPurgeDetails(asked), ...removed };
    await context.changeLog.add(principalOf(request), { tenantId, action: 'purge.done', details });
    return { data: removed };
  });
}

async function purge(store: Store, tenantId: number, asked: AskedPurge): Promise<Purged> {
  if (asked.lead !== undefined) return purgeLead(store, { tenantId, leadId: asked.lead });
  const window = purgeWindow(asked, []);
  if (!window) throw new InvalidParams([{ id: 'required', field: 'from' }]);
  return purgeCalls(store, { tenantId, ...window, campaignId: asked.campaign });
}

/** What was to go, as it is written down. Which lead it was is not: it is to be forgotten. */
function toPurgeDetails(asked: AskedPurge): Record<string, unknown> {
  if (asked.lead !== undefined) return { of: 'lead' };
  const { from, to } = purgeWindow(asked, []) ?? { from: 0, to: 0 };
  const iso = (ms: number) => new Date(ms).toISOString();
  return { of: 'window', from: iso(from), to: iso(to), campaign_id: asked.campaign ?? null };
}

interface AskedPurge {
  table?: string | undefined;
  from?: Parameters<typeof toWindow>[0];
  to?: Parameters<typeof toWindow>[1];
  campaign?: number | undefined;
  lead?: number | undefined;
}

function checkPurge(asked: AskedPurge, faults: ParamFault[]): void {
  if (asked.lead !== undefined) {
    if (asked.table || asked.from || asked.to) faults.push({ id: 'lead_not_alone', field: 'lead' });
    return;
  }
  if (!asked.table && !isBlamed(faults, 'table')) faults.push({ id: 'nothing_to_purge', field: 'table' });
  for (const field of ['from', 'to'] as const) {
    if (!asked[field] && !isBlamed(faults, field)) faults.push({ id: 'required', field });
  }
  purgeWindow(asked, faults);
}

function purgeWindow(asked: AskedPurge, faults: ParamFault[]) {
  return toWindow(asked.from, asked.to, 'UTC', faults, { maxDays: Number.POSITIVE_INFINITY, fields: ['from', 'to'] });
}
