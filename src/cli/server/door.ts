/** The door of the command line: which server a command asks, and with which key. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Config, readConfig } from '../../config.ts';
import { BadOptions, DataDirectoryInUse, DialtallyError, Internal, InvalidParams } from '../../errors.ts';
import { readGiven } from '../given-file.ts';
import { type LocalServer, startServer, storePath } from './own-server.ts';
import { type Address, askData } from './request.ts';
import { findServer } from './server-file.ts';

/** Which data a command is about. */
export interface DoorOptions {
  dataDir?: string | undefined;
  url?: string | undefined;
  token?: string | undefined;
  tokenFile?: string | undefined;
}

/** The one way to the data: a server, whichever process it runs in. */
export interface Door extends Address {
  /** `elsewhere` it is a token that opens, and files have to be sent; `here` the server sees this machine's files. */
  where: 'here' | 'elsewhere';
  dataDir: string;
  close(): Promise<void>;
}

/**
 * Finds the way to the data: the server that was named, else the one that holds the data directory, else one of our own
 * for as long as the command runs.
 */
async function openDoor(options: DoorOptions, { mustExist = false } = {}): Promise<Door> {
  const config = toConfig(options);
  if (options.url !== undefined) return openRemote(options.url, await findToken(options, config), config);
  if (options.token !== undefined) throw new BadOptions('--token needs --url, the address of a server.');
  if (options.tokenFile !== undefined) throw new BadOptions('--token-file needs --url, the address of a server.');
  const { dataDir } = config;
  const stopAt = Date.now() + 8000;
  for (;;) {
    const running = await findServer(dataDir);
    if (running) return { url: running.url, token: running.key, where: 'here', dataDir, close: async () => {} };
    if (mustExist && !config.clickhouseUrl && !existsSync(storePath(dataDir))) throw nothingIn(dataDir);
    try {
      return await openOwn(config);
    } catch (error) {
      if (!(error instanceof DataDirectoryInUse)) throw error;
      // A server that is still starting answers soon; another command is soon done.
      if (Date.now() > stopAt) throw held(dataDir, error);
      await wait(400);
    }
  }
}

/** Does work through the door that the options name, and closes it whatever happens. */
export async function through<Result>(
  options: DoorOptions,
  work: (door: Door) => Promise<Result>,
  how?: { mustExist?: boolean },
): Promise<Result> {
  const door = await openDoor(options, how);
  try {
    return await work(door);
  } finally {
    await door.close();
  }
}

/** The configuration, with the data directory that a command names. */
export function toConfig({ dataDir }: { dataDir?: string | undefined }): Config {
  const config = readConfig();
  return dataDir === undefined ? config : { ...config, dataDir: resolve(dataDir) };
}

/** The tenant that a command is about, as the door has it: a token's own, which `asked` may not contradict. */
export async function tenantAt(door: Door, asked: number | undefined): Promise<number> {
  if (door.where === 'here') {
    if (asked === undefined) throw new InvalidParams([{ id: 'no_tenant', field: 'tenant' }]);
    return asked;
  }
  const { tenant } = await askData<{ tenant: { tenant_id: number } }>(door, {
    path: '/api/telesales/me',
    tenantId: asked,
  });
  if (asked !== undefined && tenant.tenant_id !== asked) {
    throw new BadOptions(`--tenant: The token is for tenant ${tenant.tenant_id}, not ${asked}.`);
  }
  return tenant.tenant_id;
}

/** A key that nobody can guess. */
export const newKey = () => randomBytes(32).toString('base64url');

/** The token that the options name, or else the environment. A file and a variable are seen by their user alone. */
async function findToken({ token, tokenFile }: DoorOptions, config: Config): Promise<string | undefined> {
  if (tokenFile === undefined) return token ?? config.token;
  if (token !== undefined) throw new BadOptions('--token-file: --token is given already. Keep one of them.');
  const found = (await readGiven(tokenFile)).toString('utf8').trim();
  if (/^[\x21-\x7e]{1,500}$/.test(found)) return found;
  throw new BadOptions(`--token-file ${tokenFile} holds no token: one line, and nothing else.`);
}

function openRemote(url: string, token: string | undefined, { dataDir }: Config): Door {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new BadOptions('--url must look like http://127.0.0.1:8080.');
  }
  if (!token) throw new BadOptions('--url needs --token, which an admin makes with "dialtally token create".');
  return { url, token, where: 'elsewhere', dataDir, close: async () => {} };
}

async function openOwn(config: Config): Promise<Door> {
  const key = newKey();
  const log: string[] = [];
  const logger = { level: 'error', stream: { write: (line: string) => void log.push(line) } };
  const server: LocalServer = await startServer({ ...config, host: '127.0.0.1', port: 0 }, { key, logger });
  const close = async () => {
    await server.close();
    // A fault of ours says that the log has the details: this is that log.
    for (const line of log) if (line.includes(new Internal().message)) process.stderr.write(line);
  };
  return { url: server.url, token: key, where: 'here', dataDir: config.dataDir, close };
}

function held(dataDir: string, cause: DataDirectoryInUse): DialtallyError {
  return new DialtallyError(
    cause.code,
    cause.status,
    `Another process holds the data directory ${dataDir}, but no server answers there. Wait until it is done, or name another directory with --data-dir.`,
    { cause },
  );
}

function nothingIn(dataDir: string): DialtallyError {
  return new DialtallyError(
    'NO_DATA',
    404,
    `There is nothing in ${dataDir} yet. Take rows in with "dialtally import", or name another directory with --data-dir.`,
  );
}
