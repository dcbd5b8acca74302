/** Files of other systems in, by a mapping that comes with them: sent, or on this machine. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Type } from 'typebox';
import { type ParamValues, words } from '../../engine/params.ts';
import { checkMapping } from '../../mapping/language/read-mapping.ts';
import { mappedReconciliationSchema } from '../../mapping/reconciliation.ts';
import { amount, closed, word } from '../../shapes.ts';
import type { Room } from '../../store/room.ts';
import { dataAnswer } from '../answers/answer-kinds.ts';
import { sendingFaults } from '../answers/answers.ts';
import { progressAnswer } from '../answers/progress.ts';
import { readBodyParams } from '../asked/body-params.ts';
import { type Input, queryOf } from '../asked/input.ts';
import { toBodySchema } from '../asked/params-schema.ts';
import { keyHeader } from '../bodies/idempotency.ts';
import { assertGood, ingestSent, type SentIn, sentParams } from '../bodies/ingest-sent.ts';
import { assertTenant } from '../guards/auth.ts';
import { defineRoute, type Route } from '../route.ts';

const pathParams = {
  path: { ...words('The file on this machine', 4096), required: true as const },
  strict: sentParams.strict,
};
const mappedSteps = closed({ phase: word(['mapping', 'reading', 'storing']), rows: amount() });

/** The place of a file, with the mapping as it came. */
const fileBody: Input<unknown, ParamValues<typeof pathParams> & { mapping: unknown }> = {
  schema: Type.Object({ ...toBodySchema(pathParams).properties, mapping: Type.Unknown() }),
  read: (body, context) => ({
    ...readBodyParams(pathParams, body, context),
    mapping: (body as { mapping?: unknown } | null)?.mapping,
  }),
};

/** Two ways in for files of other systems. */
export function mappedRoutes(services: SentIn & { room: Room }): Route[] {
  const { rowLimits, room, ingestByMapping } = services;
  return [
    defineRoute({
      method: 'POST',
      path: '/api/telesales/ingest/mapped',
      permission: 'ingest',
      takesRows: true,
      about: {
        tags: ['Data in'],
        operationId: 'ingest-mapped',
        summary: 'Take in any other file by a mapping',
        description:
          'The body is the mapping as one line of JSON, then the file as it is. docs/mapping.md says what a mapping is.',
      },
      query: queryOf(sentParams),
      headers: { type: 'object', properties: keyHeader },
      body: { isComing: true, limitBytes: rowLimits.limitBytes },
      answer: dataAnswer(mappedReconciliationSchema),
      faults: [...sendingFaults, 409],
      handler: (asked) => ingestSent(services, asked),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/operator/mapped-imports',
      permission: 'operate',
      body: fileBody,
      answer: progressAnswer(mappedSteps, mappedReconciliationSchema),
      handler: ({ body: { path, strict = false, mapping: given }, asker }) => {
        const tenantId = assertTenant(asker.tenantId);
        const mapping = assertGood(checkMapping(given));
        return async (say) => {
          await room.assertFree();
          const { size } = await stat(path);
          return ingestByMapping({
            tenantId,
            mapping,
            bytes: createReadStream(path, { highWaterMark: 256 * 1024 }),
            size,
            fileName: basename(path),
            strict,
            onProgress: (phase, rows) => say({ phase, rows }),
          });
        };
      },
    }),
  ];
}
