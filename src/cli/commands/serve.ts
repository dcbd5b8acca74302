/** `dialtally serve`: a server, its signals, and the way in for who tries the demo. */
import closeWithGrace from 'close-with-grace';
import type { Command } from 'commander';
import { demoTenant } from '../../demo/generator.ts';
import { DialtallyError } from '../../errors.ts';
import { readPort, withExamples } from '../command.ts';
import { makeDemo } from '../files/demo-tenant.ts';
import { type Door, newKey, toConfig } from '../server/door.ts';
import { type LocalServer, startServer } from '../server/own-server.ts';
import { askData } from '../server/request.ts';
import { findServer, removeServerFile, writeServerFile } from '../server/server-file.ts';
import { makeSignInLink } from '../server/sign-in-link.ts';
import { print, printError } from '../show/print.ts';
import { toWelcome } from '../show/welcome.ts';

interface ServeOptions {
  port?: number;
  host?: string;
  dataDir?: string;
  demo?: boolean;
}

/** `dialtally serve`: the server, until it is told to stop. */
export function addServe(program: Command): void {
  const command = program
    .command('serve')
    .summary('run the server')
    .description(
      'Runs the server: API, docs, health. SIGTERM and SIGINT finish what runs and stop it within ten seconds. ' +
        'It writes JSON logs to standard output; LOG_LEVEL=warn keeps it quiet.',
    )
    .option('--port <n>', 'where to listen (default: PORT, or 8080); 0 takes any free port', readPort)
    .option('--host <address>', 'on which address (default: HOST, or 127.0.0.1); 0.0.0.0 for all')
    .option('--data-dir <dir>', 'the data directory (default: DATA_DIR, or ./data)')
    .option('--demo', 'also make or top up the demo tenant, and print a link that signs in')
    .action((options: ServeOptions) => serve(options));
  withExamples(command, 'serve', 'serve --port 8081 --host 0.0.0.0 --data-dir /var/lib/dialtally', 'serve --demo');
}

async function serve({ port, host, dataDir, demo = false }: ServeOptions): Promise<void> {
  const read = toConfig({ dataDir });
  const config = { ...read, port: port ?? read.port, host: host ?? read.host };
  const other = await findServer(config.dataDir);
  if (other) {
    throw new DialtallyError(
      'ALREADY_SERVED',
      503,
      `A server holds ${config.dataDir} already: ${other.url} (process ${other.pid}). Stop it, or name another directory with --data-dir.`,
    );
  }
  const key = newKey();
  const server = await startServer(config, { key, logger: { level: config.logLevel } });
  goOnAfterErrors(server);
  const stopping = stopInTime(server, () => removeServerFile(config.dataDir, key));
  await writeServerFile(config.dataDir, { url: server.url, key, pid: process.pid });
  server.app.startMonitor();
  if (!demo) return;
  try {
    await welcome({ url: server.url, token: key, where: 'here', dataDir: config.dataDir, close: async () => {} });
  } catch (error) {
    // Whoever stops the server while the demo is being made knows why it is not.
    if (stopping.has()) return;
    await stopping.now();
    throw error;
  }
}

/** Makes or tops up the demo tenant of a running server, and prints the way in. */
async function welcome(door: Door): Promise<void> {
  const startedAt = Date.now();
  const { calls } = await makeDemo(door);
  const { token } = await askData<{ token: string }>(door, {
    method: 'POST',
    path: '/api/telesales/tokens',
    tenantId: demoTenant.tenant_id,
    json: { role: 'admin', expires: '30d' },
  });
  const link = await makeSignInLink(door, { tenantId: demoTenant.tenant_id, role: 'admin' });
  print(toWelcome({ url: door.url, link, token, calls, tookMs: Date.now() - startedAt }));
}

/**
 * An error that nobody heard belongs to one answer, or to one round of a clock: whoever waits for that has a bad moment,
 * and everybody else goes on. What was acknowledged is in the store, so there is nothing in memory to go wrong for good.
 */
function goOnAfterErrors({ app }: LocalServer): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => app.log.error({ err }, 'an error that nobody heard; the server goes on'));
  }
}

// Within the ten seconds that are promised: requests get seven, then the rest is cut off.
const patienceMs = 7000;
const longestMs = 9000;

function stopInTime({ app, close }: LocalServer, withdraw: () => Promise<void>) {
  let stoppedAt: number | undefined;
  const stop = async () => {
    stoppedAt ??= Date.now();
    await withdraw();
    const cutting = setTimeout(() => app.server.closeAllConnections(), patienceMs);
    await close();
    clearTimeout(cutting);
  };
  const grace = closeWithGrace(
    {
      delay: longestMs,
      logger: false,
      skip: ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'unhandledRejection'],
      onTimeout: () => {
        printError('What still ran after nine seconds was abandoned.\n');
        // The engine's threads are busy: an orderly exit would wait for them. What was acknowledged is on disk.
        process.kill(process.pid, 'SIGKILL');
      },
    },
    stop,
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stoppedAt === undefined) {
        stoppedAt = Date.now();
        app.log.info(`${signal}: finishing what runs`);
        grace.close();
        // A terminal and npm may both pass the same Ctrl-C on.
      } else if (Date.now() - stoppedAt > 1500) process.kill(process.pid, 'SIGKILL');
    });
  }
  return { has: () => stoppedAt !== undefined, now: stop };
}
