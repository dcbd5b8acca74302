import { isAbsolute } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { backUp } from '../backup/back-up.ts';
import { words } from '../engine/params.ts';
import { InvalidParams } from '../errors.ts';
import { readBodyParams } from './body-params.ts';
import type { Context } from './context.ts';
import { tellProgress } from './progress.ts';

const backupParams = { directory: { ...words('The directory', 4096), required: true as const } };

/** `dialtally backup` through a running server: for whoever holds its local key. */
export function serveBackup(app: FastifyInstance, context: Context): void {
  const { store, config, now } = context;
  const hidden = { schema: { hide: true }, config: { permission: 'operate' as const } };
  app.post('/api/operator/backups', hidden, async (request, reply) => {
    const { directory = '' } = readBodyParams(backupParams, request.body, { now: now() });
    if (!isAbsolute(directory)) throw new InvalidParams({ directory: ['The directory must be an absolute path.'] });
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
