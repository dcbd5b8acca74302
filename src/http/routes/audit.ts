import type { FastifyInstance, FastifyRequest } from 'fastify';
import { changeSchema } from '../../access/change-log.ts';
import { exportRecordSchema } from '../../access/export-log.ts';
import { count, moment, type RawParams, readParams } from '../../engine/params.ts';
import { earliestMs, latestMs } from '../../engine/time.ts';
import { toWindow } from '../../engine/window.ts';
import type { ParamFault } from '../../faults.ts';
import { answersWith, toDataList } from '../answers/answers.ts';
import { toQuerySchema } from '../asked.ts';
import { type Context, principalOf } from '../context.ts';

const auditParams = {
  from: moment('Only exports from then on: an instant, or a date in UTC'),
  to: moment('Only exports before; a date includes that whole day'),
  limit: count('At most so many (default 100)', 1, 1000),
};

const changeParams = {
  ...auditParams,
  from: moment('Only changes from then on: an instant, or a date in UTC'),
  to: moment('Only changes before; a date includes that whole day'),
};

/** Who took which rows out, and who changed what: for admins. */
export function serveAudit(app: FastifyInstance, context: Context): void {
  const readAsked = (params: typeof auditParams, request: FastifyRequest) => {
    const reading = { now: context.now() };
    const asked = readParams(
      params,
      request.query as RawParams,
      reading,
      (values, faults) => void toSpan(values, faults),
    );
    return { ...toSpan(asked, []), limit: asked.limit ?? 100, signal: request.gone };
  };
  app.get('/api/telesales/audit/exports', {
    schema: {
      tags: ['Exports'],
      operationId: 'exports-audit',
      summary: 'Who took which rows out',
      description: 'Every CSV and Excel file that was asked for, newest first (admin).',
      querystring: toQuerySchema(auditParams),
      response: answersWith(toDataList(exportRecordSchema)),
    },
    config: { permission: 'audit' },
    handler: async (request) => ({
      data: await context.exportLog.list(principalOf(request).tenantId, readAsked(auditParams, request)),
    }),
  });
  app.get('/api/telesales/audit/changes', {
    schema: {
      tags: ['Settings'],
      operationId: 'changes-audit',
      summary: 'Who changed what',
      description:
        'Tokens made and ended, settings changed, rows purged, tenants named, backups restored: newest first (admin).',
      querystring: toQuerySchema(changeParams),
      response: answersWith(toDataList(changeSchema)),
    },
    config: { permission: 'audit' },
    handler: async (request) => ({
      data: await context.changeLog.list(principalOf(request).tenantId, readAsked(changeParams, request)),
    }),
  });
  app.addHook('onClose', () => context.exportLog.settled());
}

type Asked = { from?: Parameters<typeof toWindow>[0]; to?: Parameters<typeof toWindow>[1] };

/** The window that `from` and `to` mean in UTC; ever, where one is missing. Faults go to `faults`. */
export function toSpan({ from, to }: Asked, faults: ParamFault[]): { from: number; to: number } {
  const ever = { from: earliestMs, to: latestMs };
  const [first, last] = [from ?? toMoment(ever.from), to ?? toMoment(ever.to)];
  return toWindow(first, last, 'UTC', faults, { maxDays: Number.POSITIVE_INFINITY, fields: ['from', 'to'] }) ?? ever;
}

const toMoment = (ms: number) => ({ kind: 'instant', ms }) as const;
