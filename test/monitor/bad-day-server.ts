/** A real server in a process of its own, whose clock its parent moves: it may be killed at any moment. */
import { startServer } from '../../src/cli/server/own-server.ts';
import { readConfig } from '../../src/config.ts';

const [, , directory = '', start = '0'] = process.argv;
let clock = Number(start);
process.on('message', (ms: number) => {
  clock = ms;
});
process.on('disconnect', () => process.exit());

const config = readConfig({
  DATA_DIR: directory,
  PORT: '0',
  RATE_LIMIT: '0',
  LOG_LEVEL: 'silent',
  WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1',
  CAMPAIGN_LIMIT: process.env.CAMPAIGN_LIMIT,
});
// An empty PORT would be the usual one.
const server = await startServer({ ...config, port: 0 }, { key: 'key', now: () => clock });
server.app.startMonitor();
process.send?.(server.url);
