/** `dialtally backup` through a running server: for whoever holds its local key. */
import { isAbsolute } from 'node:path';
import { Type } from 'typebox';
import { backUp } from '../../backup/back-up.ts';
import { manifestSchema } from '../../backup/manifest.ts';
import type { Config } from '../../config.ts';
import { words } from '../../engine/params.ts';
import { InvalidParams } from '../../errors.ts';
import { amount, closed } from '../../shapes.ts';
import type { Store } from '../../store/store.ts';
import { progressAnswer } from '../answers/progress.ts';
import { bodyOf } from '../asked/input.ts';
import { defineRoute, type Route } from '../route.ts';

const backupParams = { directory: { ...words('The directory', 4096), required: true as const } };

const backupSteps = closed({
  step: Type.String(),
  done: Type.Optional(amount()),
  total: Type.Optional(amount()),
});

/** What a backup is made of. */
export interface BackupServices {
  store: Store;
  config: Pick<Config, 'dataDir'>;
  now: () => number;
}

/** The making of a backup. */
export function backupRoutes({ store, config, now }: BackupServices): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/api/operator/backups',
      permission: 'operate',
      body: bodyOf(backupParams),
      answer: progressAnswer(backupSteps, manifestSchema),
      handler: ({ body: { directory }, asker }) => {
        if (!isAbsolute(directory)) throw new InvalidParams([{ id: 'not_absolute', field: 'directory' }]);
        return (say) =>
          backUp(store, {
            directory,
            dataDir: config.dataDir,
            now,
            signal: asker.gone,
            onStep: (step, bytes) => say({ step, ...bytes }),
          });
      },
    }),
  ];
}
