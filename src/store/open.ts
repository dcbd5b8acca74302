/** The one place that chooses between a ClickHouse server and the engine inside this process. */
import { openEmbedded } from './embedded.ts';
import { openServer } from './server.ts';
import type { Store } from './store.ts';

/** Opens the store that the configuration names: a ClickHouse server when there is a URL, else the embedded engine. */
export function openStore({
  clickhouseUrl,
  path,
  waitMs,
}: {
  clickhouseUrl?: string | undefined;
  path: string;
  waitMs?: number;
}): Promise<Store> {
  return clickhouseUrl ? openServer({ url: clickhouseUrl, waitMs }) : openEmbedded({ path, waitMs });
}
