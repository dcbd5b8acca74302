import { once } from 'node:events';
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../src/demo/random.ts';
import { reports as catalogue } from '../../src/reports/index.ts';
import { tableNames } from '../../src/tables.ts';
import { declaredOf } from '../questions.ts';
import { type Floor, openFloor } from './floor.ts';

// Requests of any kind: none is a 5xx, none goes without an answer, and the server lives. ATTACK_ROUNDS=50000 looks longer.

const rounds = Number(process.env.ATTACK_ROUNDS ?? 2000);
const seed = Number(process.env.ATTACK_SEED ?? 8);

let floor: Floor;
let tokens: string[];
beforeAll(async () => {
  floor = await openFloor({ RATE_LIMIT: '0', LOG_LEVEL: 'error' });
  tokens = await Promise.all([
    floor.token('admin'),
    floor.token('supervisor', { team: 1 }),
    floor.token('agent', { agent: 25 }),
    floor.token('read_only'),
    floor.token('ingest'),
  ]);
  const calls =
    '{"call_id":"a","campaign_id":43,"agent_id":25,"started_at":"2026-06-02T09:00:00Z","outcome":"answered"}';
  const sent = await floor.send(tokens[0] ?? '', '/api/telesales/ingest/calls', calls, {
    'content-type': 'application/x-ndjson',
  });
  expect(sent.status).toBe(200);
});
afterAll(() => floor.close());

const reports = '/api/telesales/reports';
const paths = [
  ...catalogue.flatMap(({ name }) => [`${reports}/${name}`, `${reports}/${name}/export`]),
  ...tableNames.map((name) => `/api/telesales/ingest/${name}`),
  ...['mapped', 'refused', 'calls/', 'nothing'].map((name) => `/api/telesales/ingest/${name}`),
  ...['me', 'campaigns', 'teams', 'agents', 'reports', 'tokens', 'tokens/1', 'settings', 'settings/changes'].map(
    (name) => `/api/telesales/${name}`,
  ),
  ...['ids', 'ids/phone', 'sync-state', 'webhooks', 'webhooks/1', 'webhooks/1/test', 'webhooks/1/deliveries'].map(
    (name) => `/api/telesales/${name}`,
  ),
  ...['alerts', 'audit/exports', 'audit/changes', 'purge', 'session', 'sign-in-links', 'start'].map(
    (name) => `/api/telesales/${name}`,
  ),
  ...['imports', 'mapped-imports', 'tenants', 'tenant', 'tokens', 'tokens/1', 'backups'].map(
    (name) => `/api/operator/${name}`,
  ),
  ...[
    '/api/docs',
    '/api/docs/static/index.html',
    '/api/openapi.json',
    '/',
    '/sign-in',
    '/reports/x',
    '/assets/x.js',
    '/healthz',
    '/readyz',
    '/metrics',
    '*',
  ],
];
const methods = 'GET HEAD POST PUT PATCH DELETE OPTIONS QUERY PROPFIND TRACE CONNECT get G@T'.split(' ');
const fields = [
  ...new Set(catalogue.flatMap((report) => Object.keys(declaredOf(report)))),
  ...'agent_ids[] agent_ids[0] format bom from to limit strict file q kind after import_id source __proto__ constructor'.split(
    ' ',
  ),
];
const values = [
  ...['2026-06-01', '2026-06-30', '2026-06-01T00:00:00+07:00', 'Asia/Ho_Chi_Minh', '43', '25', 'csv', 'json', 'hour'],
  ...['xlsx', 'ndjson', 'parquet', 'true', '1', '0', '-1', '1e309', '9007199254740993', '', ' ', 'lead', 'null'],
  ...['%00', '%', '%zz', '%E0%A4%A', '%ED%A0%80', '%FF%FE', '+', "'", '";--', '{x:String}', '%F0%9F%92%A9', '..%2f..'],
  ...[
    '%E2%80%AE',
    '99999-01-01',
    '2026-02-30',
    '2026-06-01T25:00',
    'a'.repeat(9000),
    '1,'.repeat(4000),
    '[object%20Object]',
  ],
];
const types = [
  ...['application/json', 'application/x-ndjson', 'text/csv', 'application/vnd.apache.parquet', 'text/plain', ''],
  ...['application/json; charset=utf-16', 'multipart/form-data', 'application/json;;', '\u00e9', 'a/b/c', 'text/csv\t'],
];
const bodies = [
  ...['', '{}', '[]', 'null', '{', '[{}]', '{"__proto__":{"a":1}}', '{"constructor":{"prototype":{}}}', '"\\ud800"'],
  ...['{"role":"agent","agent_id":1}', '{"role":["admin"],"expires":{}}', '{"kind":"lead","names":["\\udfff",""]}'],
  ...['{"url":"http://169.254.169.254/","events":[]}', '{"health":{"min_dials":1e400}}', '{"phone":"0912345678"}'],
  ...['{"source":"\\ud800","state":"x","revision":0}', '{"table":"calls","from":"2026-06-01","to":"2026-05-01"}'],
  ...[
    'call_id,campaign_id,started_at,outcome\n"a,1,2026',
    'call_id\r\ra\r',
    '\ufeffcode,label\na,b\n',
    'PAR1',
    '\0\0\0',
  ],
  ...['{"table":"calls","columns":{}}\nx\n', '['.repeat(50_000), '{"a":'.repeat(20_000), 'x'.repeat(200_000)],
];

interface Asked {
  bytes: Buffer;
  shown: string;
}

/** A request that a seed fixes, as it goes over the wire. */
function make(number: number): Asked {
  const random = new Random(seed * 1_000_003 + number);
  const one = <T>(list: readonly T[]): T => list[random.integer(0, list.length - 1)] as T;
  const many = (most: number) => Array.from({ length: random.integer(0, most) });
  const junk = (most: number) => Buffer.from(many(most).map(() => random.integer(0, 255)));

  let path = one(paths);
  if (random.chance(0.15)) path += `/${one(values)}`;
  if (random.chance(0.1)) path = path.replaceAll('/', () => one(['/', '//', '/./', '/%2f', '\\']));
  const query = many(6).map(() => `${one(fields)}${one(['=', '=', '=', '', '%3d', '[]='])}${one(values)}`);
  if (query.length > 0) path += `?${query.join(one(['&', '&', '&', '&&', ';']))}`;

  let body = random.chance(0.3) ? junk(3000) : Buffer.from(one(bodies));
  const encoding = one(['', '', '', 'gzip', 'br', 'deflate', 'identity', 'gzip, gzip', 'x-gzip']);
  if (random.chance(0.7)) {
    if (/gzip/.test(encoding)) body = gzipSync(body);
    if (encoding === 'br') body = brotliCompressSync(body);
    if (encoding === 'deflate') body = deflateSync(body);
  }
  const headers: [string, string][] = [['Host', one(['x', 'x', 'localhost:1', '', '[::1]', '@'])]];
  const token = one([...tokens, ...tokens, 'dt_guess', '']);
  headers.push(['Authorization', one(['Bearer ', 'Bearer ', 'Bearer ', 'bearer  ', 'Basic ', '']) + token]);
  if (random.chance(0.8)) headers.push(['Content-Type', one(types)]);
  if (encoding !== '') headers.push(['Content-Encoding', encoding]);
  const more: [string, string][] = [
    ['Idempotency-Key', one(['a', 'a', `k${number}`, '\u00ff', 'x'.repeat(300)])],
    ['Accept', one(['*/*', 'text/csv', '\u00ff'])],
    ['Accept-Encoding', one(['gzip', 'br', 'identity;q=0', '*;q=0', 'gzip;q=zz'])],
    ['Dialtally-Tenant', one(['1', '-1', 'x', '1e400'])],
    ['X-Forwarded-For', one(['', '1.2.3.4', '::', ','])],
    ['X-Forwarded-Proto', one(['https', ''])],
    ['Range', 'bytes=0-5'],
    ['If-None-Match', '*'],
    ['Accept-Version', '9'],
    ['Origin', 'null'],
    ['Expect', one(['100-continue', 'nonsense'])],
    ['Upgrade', 'websocket'],
    ['X-Long', 'x'.repeat(random.integer(0, 20_000))],
  ];
  for (const header of more) if (random.chance(0.08)) headers.push(header);
  const isChunked = random.chance(0.25);
  const size = random.chance(0.97) ? String(body.length) : one(['-1', '1e3', '', 'x', '99999999999999999999']);
  headers.push(isChunked ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', size]);
  headers.push(['Connection', 'close']);

  const line = `${one(random.chance(0.8) ? methods.slice(0, 6) : methods)} ${path} ${random.chance(0.98) ? 'HTTP/1.1' : one(['HTTP/1.0', 'HTTP/2.0', ''])}`;
  const head = `${line}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  const sent = isChunked
    ? [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from(body.length > 0 ? '\r\n0\r\n\r\n' : '\r\n')]
    : [body];
  const bytes = Buffer.concat([Buffer.from(head, random.chance(0.5) ? 'latin1' : 'utf8'), ...sent]);
  return { bytes, shown: `round ${number}: ${head.slice(0, 600)}${body.subarray(0, 100).toString('latin1')}` };
}

// A watchdog, not a measure: an answer that never comes would hold the suite.
const longestMs = 60_000;

/** The status of what comes back; 0 when the connection ends without an answer. */
async function ask({ bytes, shown }: Asked): Promise<number> {
  const { hostname, port } = new URL(floor.url);
  const socket = connect(Number(port), hostname);
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  socket.on('error', () => {});
  socket.setTimeout(longestMs, () => socket.destroy(new Error('late')));
  let isLate = false;
  socket.on('timeout', () => {
    isLate = true;
  });
  socket.write(bytes);
  if (!socket.closed) await once(socket, 'close').catch(() => {});
  if (isLate) throw new Error(`no answer to ${shown}`);
  const answer = Buffer.concat(parts)
    .toString('latin1')
    .replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);
}

test(
  `${rounds} random requests: no 5xx, no silence, no exit (ATTACK_SEED=${seed})`,
  async () => {
    const statuses = new Map<number, number>();
    const wrong: string[] = [];
    let next = 0;
    const work = async () => {
      while (next < rounds && wrong.length < 5) {
        const asked = make(next++);
        const status = await ask(asked);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status >= 500 || (status === 0 && !/Upgrade|CONNECT/.test(asked.shown)))
          wrong.push(`${status} ${asked.shown}`);
      }
    };
    const watched = await floor.during(() => Promise.all(Array.from({ length: 6 }, work)), { multiple: 100 });
    expect(wrong).toEqual([]);
    expect(watched.failed).toEqual([]);
    expect(floor.lives()).toBe(true);
    // They reach what is behind the doors, and not only what refuses them.
    for (const status of [200, 400, 401, 403, 404, 415, 422])
      expect(statuses.get(status), `${status}`).toBeGreaterThan(0);
    expect(floor.log()).not.toMatch(/"level":(50|60)/);
    await floor.revokesTokens();
  },
  Math.max(120_000, rounds * 100),
);
