import { expect } from 'vitest';
import { askData } from '../../src/cli/server/request.ts';
import { findServer } from '../../src/cli/server/server-file.ts';
import { dialtally, start } from './command-line.ts';

/** The dashboard of tenant 1, as the command line gives it. */
export async function readDashboard(dataDir: string, window: readonly string[]) {
  const args = ['--tenant', '1', ...window, '--format', 'json', '--data-dir', dataDir];
  return JSON.parse((await dialtally('report', 'dashboard', ...args)).out).data;
}

/** A sync of tenant 1, by its arguments and the name that its state is kept under. */
export interface StartedSync {
  args: readonly string[];
  /** Of a server that runs. */
  dataDir: string;
  source: string;
}

/** Starts a sync three times, and kills it each time when it has kept its state so many times. */
export async function killThrice({ args, dataDir, source }: StartedSync, steps: number): Promise<void> {
  let server = await findServer(dataDir);
  while (!server) server = await findServer(dataDir);
  const at = { url: server.url, token: server.key };
  const readRevision = async () => {
    const ask = { path: '/api/telesales/sync-state', query: [['source', source]] as const, tenantId: 1 };
    return (await askData<{ revision: number }>(at, ask)).revision;
  };
  for (let kills = 1; kills <= 3; kills++) {
    const before = await readRevision();
    const child = start(args);
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    while ((await readRevision()) < before + steps) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
  }
}
