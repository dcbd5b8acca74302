/** A server in this process: `dialtally serve`, or one for as long as a command runs. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { AppOptions } from '../../app.ts';
import type { Config } from '../../config.ts';
import { DataDirectoryInUse, DialtallyError } from '../../errors.ts';
import { openCustomerLayouts } from '../../export/customer/layouts.ts';
import { readersBeside } from '../../ingest/importer.ts';
import { reports } from '../../reports/index.ts';
import { dropLeftovers } from '../../store/leftovers.ts';
import { mendAfterFullDisk } from '../../store/mend.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/open.ts';
import { makePrivate, makePrivateAlone, writePrivately } from '../../store/private.ts';
import type { Store } from '../../store/store.ts';
import { findHolder } from './holder.ts';

/** A server of this process. */
export interface LocalServer {
  /** Where this machine reaches it. */
  url: string;
  app: FastifyInstance;
  /** Finishes what runs, then lets go of the store. */
  close(): Promise<void>;
}

/** Where the embedded store lives in a data directory. */
export const storePath = (dataDir: string) => join(dataDir, 'store');

/** Opens the store, brings it to this version and listens. Throws DataDirectoryInUse, or what the port lacks. */
export async function startServer(
  config: Config,
  { key, logger = false, now = Date.now }: { key: string; logger?: AppOptions['logger']; now?: () => number },
): Promise<LocalServer> {
  // Before anything is opened: what is wrong with a package stops the start.
  const layouts = await openCustomerLayouts(config.customerPackages, reports);
  writePrivately();
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const store = await openHeld(config);
  let app: FastifyInstance | undefined;
  const close = async () => {
    await app?.close();
    await store.close();
  };
  try {
    const say = (sentence: string) => void process.stderr.write(`${sentence}\n`);
    await migrate(store, { say, reserveBytes: config.diskReserveBytes });
    const isAlone = store.engine === 'embedded';
    if (isAlone) await dropLeftovers(store);
    const uploads = join(config.dataDir, 'uploads');
    for (const directory of [uploads, readersBeside(uploads)]) await sweep(directory, isAlone ? 0 : 24 * 3_600_000);
    // Most commands ask a server that runs: only those that start one load it.
    const { buildApp } = await import('../../app.ts');
    app = await buildApp({ config, store, localKey: key, layouts, logger, now });
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await close();
    throw toPortError(error, config);
  }
  return { url: toUrl(app.server.address() as AddressInfo), app, close };
}

// What a data directory holds: whatever else somebody put there is theirs.
const ownNames = ['store', 'uploads', 'readers', 'revocations', 'server.json', 'demo.json'];

async function openHeld({ clickhouseUrl, dataDir, queryWaitMs: waitMs }: Config): Promise<Store> {
  const path = storePath(dataDir);
  const assertFree = async (cause?: unknown) => {
    if (!clickhouseUrl && (await findHolder(path))) throw new DataDirectoryInUse(dataDir, { cause });
  };
  await assertFree();
  makePrivateAlone(dataDir);
  for (const name of ownNames) makePrivate(join(dataDir, name));
  await mendAfterFullDisk(path).catch(() => {});
  try {
    return await openStore({ clickhouseUrl, path, waitMs });
  } catch (error) {
    // Another process may have been quicker.
    await assertFree(error);
    throw error;
  }
}

/** Removes what was being read when its process ended. */
async function sweep(directory: string, olderThanMs: number): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs >= olderThanMs) await rm(path, { recursive: true, force: true });
  }
}

function toUrl({ address, port, family }: AddressInfo): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`;
}

function toPortError(error: unknown, { host, port }: Config): unknown {
  const { code } = error as { code?: string };
  const say = (name: string, message: string) => new DialtallyError(name, 503, message, { cause: error });
  if (code === 'EADDRINUSE') {
    return say(
      'PORT_IN_USE',
      `Port ${port} is taken by another program. Take another one: "dialtally serve --port ${port + 1}", or "PORT=${port + 1} npm start".`,
    );
  }
  if (code === 'EACCES')
    return say('PORT_NOT_ALLOWED', `This user may not listen on port ${port}. Take one above 1023.`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return say(
      'HOST_UNKNOWN',
      `This machine has no address ${host}. Listen on 127.0.0.1, or on 0.0.0.0 for all of them.`,
    );
  }
  return error;
}
