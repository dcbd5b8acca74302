/** Files on this machine in: for whoever holds the server's local key. */
import { oneOf, words, yesOrNo } from '../../engine/params.ts';
import { formats } from '../../ingest/layout.ts';
import { reconciliationSchema } from '../../ingest/reconciliation.ts';
import type { WayIn } from '../../ingest/way-in.ts';
import { amount, closed, word } from '../../shapes.ts';
import type { Room } from '../../store/room.ts';
import { tableNames } from '../../tables.ts';
import { progressAnswer } from '../answers/progress.ts';
import { bodyOf } from '../asked/input.ts';
import { assertTenant } from '../guards/auth.ts';
import { defineRoute, type Route } from '../route.ts';

const importParams = {
  table: { ...oneOf('The table', tableNames), required: true as const },
  format: { ...oneOf('The format', formats), required: true as const },
  path: { ...words('The file on this machine', 4096), required: true as const },
  strict: yesOrNo('All rows or none'),
};

const importSteps = closed({ phase: word(['reading', 'storing']), rows: amount() });

/** `dialtally import` through a running server. */
export function importRoutes({ wayIn, room }: { wayIn: WayIn; room: Room }): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/api/operator/imports',
      permission: 'operate',
      body: bodyOf(importParams),
      answer: progressAnswer(importSteps, reconciliationSchema),
      handler:
        ({ body: { table, format, path, strict = false }, asker }) =>
        async (say) => {
          const tenantId = assertTenant(asker.tenantId);
          await room.assertFree();
          return wayIn.ingestFile({
            tenantId,
            table,
            format,
            path,
            strict,
            onProgress: (phase, rows) => say({ phase, rows }),
          });
        },
    }),
  ];
}
