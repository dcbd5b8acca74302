import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';

/** A database server of a test file's own. */
export interface MariaDb {
  port: number;
  /** As its root: to make tables, accounts and rows. */
  root: Connection;
  close(): Promise<void>;
}

/** What this machine lacks to run one, with the remedy; undefined when it lacks nothing. */
export function mariadbMissing(): string | undefined {
  const lacking = ['mariadbd', 'mariadb-install-db'].filter(
    (program) => spawnSync('sh', ['-c', `PATH="$PATH:/usr/sbin" command -v ${program}`]).status !== 0,
  );
  return lacking.length > 0 ? `needs ${lacking.join(' and ')}: apt-get install mariadb-server` : undefined;
}

/** Starts a MariaDB on a free port of 127.0.0.1, in a directory of its own, whose system's zone is New York's. */
export async function startMariaDb(): Promise<MariaDb> {
  const directory = mkdtempSync(join(tmpdir(), 'dialtally-mariadb-'));
  // Of its own, too: two that begin at once would take each other's temporary tables away.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin`, TZ: 'America/New_York', TMPDIR: directory };
  const data = join(directory, 'data');
  const socketPath = join(directory, 'mysqld.sock');
  const user = `--user=${userInfo().username}`;
  const made = spawnSync(
    'mariadb-install-db',
    [`--datadir=${data}`, user, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { env, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.stderr}${made.stdout}`);
  const port = await freePort();
  const child = spawn(
    'mariadbd',
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${socketPath}`,
      `--pid-file=${join(directory, 'pid')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      '--character-set-server=utf8mb4',
      user,
    ],
    { env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  const root = await connect(child, socketPath, () => said);
  return {
    port,
    root,
    async close() {
      root.destroy();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function connect(child: ChildProcess, socketPath: string, said: () => string): Promise<Connection> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`mariadbd ended: ${said()}`);
    try {
      return await createConnection({ socketPath, user: 'root', multipleStatements: true, charset: 'utf8mb4' });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
