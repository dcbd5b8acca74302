import { isAbsolute } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { backUp } from '../../backup/back-up.ts';
import { manifestSchema } from '../../backup/manifest.ts';
import { words } from '../../engine/params.ts';
import { InvalidParams } from '../../errors.ts';
import { amount, closed } from '../../shapes.ts';
import { tellProgress, toProgress } from '../answers/progress.ts';
import { toBodySchema } from '../asked.ts';
import { readBodyParams } from '../bodies/body-params.ts';
import type { Context } from '../context.ts';

const backupParams = { directory: { ...words('The directory', 4096), required: true as const } };

const backupSteps = closed({
  step: Type.String(),
  done: Type.Optional(amount()),
  total: Type.Optional(amount()),
});

/** `dialtally backup` through a running server: for whoever holds its local key. */
export function serveBackup(app: FastifyInstance, context: Context): void {
  const { store, config, now } = context;
  const schema = {
    hide: true,
    body: toBodySchema(backupParams),
    response: toProgress(backupSteps, manifestSchema),
  };
  app.post('/api/operator/backups', { schema, config: { permission: 'operate' } }, async (request, reply) => {
    const { directory = '' } = readBodyParams(backupParams, request.body, { now: now() });
    if (!isAbsolute(directory)) throw new InvalidParams([{ id: 'not_absolute', field: 'directory' }]);
    await tellProgress(request, reply, (say) =>
      backUp(store, {
        directory,
        dataDir: config.dataDir,
        now,
        signal: request.gone,
        onStep: (step, bytes) => say({ step, ...bytes }),
      }),
    );
  });
}
