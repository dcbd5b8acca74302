/** What environment variables decide for the server and the command line, with defaults and bounds. */
import { isIP } from 'node:net';
import { delimiter, resolve } from 'node:path';
import { DialtallyError } from './errors.ts';

/** Everything that the environment decides. */
export interface Config {
  /** Where the embedded store, the local key and uploads live. */
  dataDir: string;
  /** A ClickHouse server to use instead of the embedded engine. */
  clickhouseUrl?: string;
  host: string;
  port: number;
  /** Requests a second and token; 0 = no limit. */
  rateLimit: number;
  /** Requests a second and tenant, over all its tokens; 0 = no limit. */
  rateLimitTenant: number;
  /** The proxies that are believed when they say whom they ask for: addresses and networks. */
  trustedProxies: readonly string[];
  /** Connections at one time; 0: half of the files that the process may open. */
  connectionLimit: number;
  /** Who may read /metrics from elsewhere than this machine. */
  metricsToken?: string;
  /** How long a report's query may run. */
  queryTimeoutMs: number;
  /** How long it may wait for its turn. */
  queryWaitMs: number;
  /** How much memory a report's query may hold. */
  queryMemoryBytes: number;
  /** The largest body that may be sent in, in bytes. */
  ingestLimitBytes: number;
  /** The most rows of one file or body. */
  ingestLimitRows: number;
  /** How much memory the reading of one file may hold, in bytes. */
  ingestMemoryBytes: number;
  /** How long the reading of a small file may take. */
  ingestReadTimeoutMs: number;
  /** Campaigns of a tenant. */
  campaignLimit: number;
  /** How many bytes of a body must come in a second, on average; 0 = any number. */
  ingestSlowestBytes: number;
  /** How much memory rows that wait to be taken in may hold, in bytes. */
  ingestWaitingBytes: number;
  logLevel: string;
  /** The database that `dialtally sync` reads when it is not named on the command line, where everybody sees it. */
  syncSource?: string;
  /** What opens the server that a command names with `--url`, when no option says it. */
  token?: string;
  /** Directories with the layouts of single customers. */
  customerPackages: readonly string[];
  /** Networks beside the public ones on which webhooks may be. */
  webhookNetworks: readonly string[];
  /** Open streams of a tenant. */
  streamLimit: number;
  /** What is kept free on the disk of the data directory, in bytes; a part of the disk when it is not said. */
  diskReserveBytes?: number;
  /** Tokens that a tenant may have at once. */
  tokenLimit: number;
  /** Answers that a tenant may be given at once. */
  answerLimit: number;
  /** How long a client may take nothing of its answer, in seconds. */
  answerStalledSec: number;
  /** How much of answers that wait to be read may be on disk, in bytes; a quarter of it for one tenant. */
  spoolBytes: number;
}

/** Reads the configuration from environment variables. Throws with the variable's name when one can't be read. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const rateLimit = readNumber('RATE_LIMIT', env.RATE_LIMIT, 200);
  return {
    dataDir: resolve(env.DATA_DIR || './data'),
    ...(env.CLICKHOUSE_URL && { clickhouseUrl: readUrl('CLICKHOUSE_URL', env.CLICKHOUSE_URL) }),
    host: env.HOST || '127.0.0.1',
    port: readNumber('PORT', env.PORT, 8080, 65_535),
    rateLimit,
    rateLimitTenant: readNumber('RATE_LIMIT_TENANT', env.RATE_LIMIT_TENANT, 4 * rateLimit),
    trustedProxies: readNetworks('TRUST_PROXY', env.TRUST_PROXY),
    connectionLimit: readNumber('CONNECTION_LIMIT', env.CONNECTION_LIMIT, 0),
    ...(env.METRICS_TOKEN && { metricsToken: env.METRICS_TOKEN }),
    queryTimeoutMs: readNumber('QUERY_TIMEOUT_MS', env.QUERY_TIMEOUT_MS, 30_000),
    queryWaitMs: readNumber('QUERY_WAIT_MS', env.QUERY_WAIT_MS, 30_000),
    queryMemoryBytes: readNumber('QUERY_MEMORY_MB', env.QUERY_MEMORY_MB, 4096) * 1024 ** 2,
    ingestLimitBytes: readNumber('INGEST_LIMIT_MB', env.INGEST_LIMIT_MB, 4096) * 1024 ** 2,
    ingestLimitRows: readNumber('INGEST_LIMIT_ROWS', env.INGEST_LIMIT_ROWS, 20_000_000),
    ingestMemoryBytes: readNumber('INGEST_MEMORY_MB', env.INGEST_MEMORY_MB, 1024) * 1024 ** 2,
    ingestReadTimeoutMs: readNumber('INGEST_READ_TIMEOUT_MS', env.INGEST_READ_TIMEOUT_MS, 10_000),
    campaignLimit: readNumber('CAMPAIGN_LIMIT', env.CAMPAIGN_LIMIT, 10_000),
    ingestSlowestBytes: readNumber('INGEST_SLOWEST_KB', env.INGEST_SLOWEST_KB, 16) * 1024,
    ingestWaitingBytes: readNumber('INGEST_WAITING_MB', env.INGEST_WAITING_MB, 128) * 1024 ** 2,
    logLevel: readWord('LOG_LEVEL', env.LOG_LEVEL, logLevels, 'info'),
    ...(env.SYNC_SOURCE && { syncSource: env.SYNC_SOURCE }),
    ...(env.DIALTALLY_TOKEN && { token: env.DIALTALLY_TOKEN }),
    customerPackages: (env.CUSTOMER_PACKAGES ?? '').split(delimiter).filter(Boolean),
    webhookNetworks: (env.WEBHOOK_ALLOWED_NETWORKS ?? '').split(/[\s,]+/).filter(Boolean),
    streamLimit: readNumber('STREAM_LIMIT', env.STREAM_LIMIT, 1000),
    ...(env.DISK_RESERVE_MB && {
      diskReserveBytes: readNumber('DISK_RESERVE_MB', env.DISK_RESERVE_MB, 0) * 1024 ** 2,
    }),
    tokenLimit: readNumber('TOKEN_LIMIT', env.TOKEN_LIMIT, 1000, 10_000),
    answerLimit: readNumber('ANSWER_LIMIT', env.ANSWER_LIMIT, 512),
    answerStalledSec: readNumber('ANSWER_STALLED_SEC', env.ANSWER_STALLED_SEC, 60),
    spoolBytes: readNumber('SPOOL_MB', env.SPOOL_MB, 4096) * 1024 ** 2,
  };
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

function readWord(name: string, text: string | undefined, words: readonly string[], fallback: string): string {
  if (!text || words.includes(text)) return text || fallback;
  throw new DialtallyError(
    'BAD_CONFIG',
    500,
    `${name} must be one of ${words.join(', ')}, not ${JSON.stringify(text)}.`,
  );
}

function readNumber(name: string, text: string | undefined, fallback: number, max = Number.MAX_SAFE_INTEGER): number {
  if (!text) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= max))
    throw new DialtallyError(
      'BAD_CONFIG',
      500,
      `${name} must be a whole number from 0 to ${max}, not ${JSON.stringify(text)}.`,
    );
  return value;
}

function readNetworks(name: string, text = ''): string[] {
  const networks = text.split(/[\s,]+/).filter(Boolean);
  const isNetwork = (network: string) => {
    const [address = '', bits, ...more] = network.split('/');
    const most = isIP(address) === 6 ? 128 : 32;
    return (
      isIP(address) > 0 &&
      more.length === 0 &&
      (bits === undefined || (/^\d+$/.test(bits) && Number(bits) > 0 && Number(bits) <= most))
    );
  };
  const bad = networks.find((network) => !isNetwork(network));
  if (bad === undefined) return networks;
  throw new DialtallyError(
    'BAD_CONFIG',
    500,
    `${name} must be addresses and networks, such as 127.0.0.1, 10.0.0.0/8; ${JSON.stringify(bad)} is neither.`,
  );
}

function readUrl(name: string, text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new DialtallyError('BAD_CONFIG', 500, `${name} must look like http://user:password@host:8123/database.`);
  }
  return text;
}
