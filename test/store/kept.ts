import * as access from '../../src/store/kept/access.ts';
import * as ingest from '../../src/store/kept/ingest.ts';
import * as monitor from '../../src/store/kept/monitor.ts';
import * as webhooks from '../../src/store/kept/webhooks.ts';
import type { Declaration } from '../../src/store/kept.ts';

/** The declarations of all tables of our own. */
export const kept: Declaration[] = [access, ingest, monitor, webhooks].flatMap((tables) =>
  Object.values(tables).map(({ declaration }) => declaration as unknown as Declaration),
);
