import { startServer } from '../../src/cli/server/own-server.ts';
import { readConfig } from '../../src/config.ts';

// A server on a directory, as a process that can be killed. Says where it answers.
const [dataDir = '', key = ''] = process.argv.slice(2);
const config = { ...readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' }), port: 0, rateLimit: 0 };
const { url } = await startServer(config, { key });
console.log(url);
