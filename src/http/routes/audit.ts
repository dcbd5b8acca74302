/** Who took which rows out, and who changed what: for admins. */
import { type ChangeLog, changeSchema } from '../../access/change-log.ts';
import { type ExportLog, exportRecordSchema } from '../../access/export-log.ts';
import { listAnswer } from '../answers/answer-kinds.ts';
import { spanOf } from '../asked/span.ts';
import { defineRoute, type Route } from '../route.ts';

/** The logs of exports and of changes. */
export function auditRoutes({ exportLog, changeLog }: { exportLog: ExportLog; changeLog: ChangeLog }): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/telesales/audit/exports',
      permission: 'audit',
      about: {
        tags: ['Exports'],
        operationId: 'exports-audit',
        summary: 'Who took which rows out',
        description: 'Every CSV and Excel file that was asked for, newest first (admin).',
      },
      query: spanOf('exports'),
      answer: listAnswer(exportRecordSchema),
      handler: ({ query, asker: { tenantId, gone } }) => exportLog.list(tenantId, { ...query, signal: gone }),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/telesales/audit/changes',
      permission: 'audit',
      about: {
        tags: ['Settings'],
        operationId: 'changes-audit',
        summary: 'Who changed what',
        description:
          'Tokens made and ended, settings changed, rows purged, tenants named, backups restored: newest first (admin).',
      },
      query: spanOf('changes'),
      answer: listAnswer(changeSchema),
      handler: ({ query, asker: { tenantId, gone } }) => changeLog.list(tenantId, { ...query, signal: gone }),
    }),
  ];
}
