import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { fileFormatNames } from '../../src/engine/file-formats.ts';
import { reports } from '../../src/reports/index.ts';
import { takesDates } from '../questions.ts';
import { localKey, openSite, openTestStore, reportUrl, type Site, talk } from './app.ts';

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let admin: string;
let tokenId: number;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory);
  admin = await site.token('admin');
  tokenId = (await site.get('/api/telesales/tokens', admin)).json().data[0].token_id;
  await site.ingest('calls', [talk({ campaign_id: 43, agent_id: 1 })]);
});
afterAll(async () => {
  await site.app.close();
  await held.close();
});

const june = { date_from: '2026-06-01', date_to: '2026-06-30' };

describe('every answer', () => {
  const paths = [
    reportUrl('dashboard', june),
    reportUrl('dashboard/export', june),
    ...fileFormatNames.map((format) => reportUrl('dashboard/export', { ...june, format })),
    reportUrl('abandon-rate', { campaign_id: 43 }),
    '/api/telesales/tokens',
    '/api/telesales/nothing',
    '/api/openapi.json',
    '/healthz',
    '/metrics',
    '/',
    '/%zz',
  ];

  test.each(paths)('is for nobody\u2019s cache, and nothing that a browser runs: %s', async (url) => {
    for (const token of [admin, undefined]) {
      const { headers } = await site.get(url, token);
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers).not.toHaveProperty('strict-transport-security');
    }
  });

  test('with a new token is not kept either', async () => {
    const made = await site.app.inject({
      method: 'POST',
      url: '/api/telesales/tokens',
      headers: { authorization: `Bearer ${admin}` },
      payload: { role: 'read_only' },
    });
    expect([made.statusCode, made.headers['cache-control']]).toEqual([201, 'no-store']);
  });

  test('says what browsers heed over TLS alone only where a trusted proxy says that it came so', async () => {
    const trusting = await openSite(held.store, held.directory, { env: { TRUST_PROXY: '127.0.0.1, 10.0.0.0/8' } });
    const tls = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' };
    const said = async (on: Site, headers = {}) => {
      const answer = await on.get('/healthz', undefined, headers);
      return ['strict-transport-security', 'cross-origin-opener-policy', 'origin-agent-cluster'].map(
        (name) => answer.headers[name],
      );
    };
    expect(await said(trusting, tls)).toEqual([expect.stringMatching(/^max-age=\d{7,}/), 'same-origin', '?1']);
    expect(await said(trusting)).toEqual([undefined, undefined, undefined]);
    expect(await said(site, tls)).toEqual([undefined, undefined, undefined]);
    await trusting.app.close();
  });
});

describe('the local key and open metrics', () => {
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];
  const open = async (headers: Record<string, string>, remoteAddress = '127.0.0.1') => {
    const ask = (url: string, more = {}) => site.app.inject({ url, remoteAddress, headers: { ...headers, ...more } });
    const [metrics, tenants] = await Promise.all([
      ask('/metrics'),
      ask('/api/operator/tenants', { authorization: `Bearer ${localKey}` }),
    ]);
    return [metrics.statusCode, tenants.statusCode];
  };

  test('are for this machine', async () => {
    expect(await open({})).toEqual([200, 200]);
    expect(await open({}, '::1')).toEqual([200, 200]);
    expect(await open({}, '::ffff:127.0.0.1')).toEqual([200, 200]);
    expect(await open({}, '203.0.113.7')).toEqual([403, 401]);
    expect(await open({}, '::ffff:203.0.113.7')).toEqual([403, 401]);
  });

  test.each(forwarded.flatMap((name) => ['', '127.0.0.1'].map((value) => [name, value])))(
    'are not for whom a proxy on it asks: %s: %j',
    async (name, value) => {
      expect(await open({ [name]: value })).toEqual([403, 401]);
    },
  );

  test('metrics are shown elsewhere with METRICS_TOKEN', async () => {
    const shown = await openSite(held.store, held.directory, { env: { METRICS_TOKEN: 'scrape' } });
    const headers = { authorization: 'Bearer scrape', 'x-forwarded-for': '203.0.113.7' };
    expect((await shown.app.inject({ url: '/metrics', headers })).statusCode).toBe(200);
    await shown.app.close();
  });
});

test('a proxy that is no address stops the start', () => {
  expect(() => readConfig({ TRUST_PROXY: 'loadbalancer' })).toThrow(/TRUST_PROXY .*"loadbalancer" is neither/);
  expect(() => readConfig({ TRUST_PROXY: '0.0.0.0/0' })).toThrow(/TRUST_PROXY/);
  expect(readConfig({ TRUST_PROXY: '10.0.0.0/8 fd00::/8,127.0.0.1' }).trustedProxies).toHaveLength(3);
});

test('a log line says tenant and token of a request, and never the token', async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const logged = await buildApp({
    config: site.config,
    store: held.store,
    localKey,
    logger: { level: 'info', stream },
  });
  const ask = (url: string, token: string) =>
    logged.inject({ url, headers: { authorization: `Bearer ${token}`, 'dialtally-tenant': '5' } });
  await ask(reportUrl('dashboard', june), admin);
  await ask('/api/telesales/me', localKey);
  const completed = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request completed');
  expect(completed).toEqual([
    expect.objectContaining({ tenant_id: 1, token_id: tokenId, role: 'admin' }),
    expect.objectContaining({ tenant_id: 5, token_id: null, role: 'operator' }),
  ]);
  expect(lines.join('')).not.toContain(admin);
  await logged.close();
});

test('an agent\u2019s token can\u2019t tell a campaign of others from one that does not exist', async () => {
  await site.ingest('campaigns', [{ campaign_id: 44, name: 'Of others' }]);
  await site.ingest('leads', [{ lead_id: 1, campaign_id: 45, created_at: '2026-06-01T00:00:00Z' }]);
  // A call that was the agent's before it was corrected.
  const moved = { call_id: 'moved', campaign_id: 46, started_at: '2026-06-02T09:00:00Z' };
  await site.ingest('calls', [talk({ campaign_id: 47, agent_id: 2 }), talk({ ...moved, agent_id: 1 })]);
  await site.ingest('calls', [talk({ ...moved, agent_id: 2 })]);
  const agent = await site.token('agent', { agent: 1 });
  const ask = async (campaign: number, path: string, token = agent) => {
    const answer = await site.get(reportUrl(path, { ...june, campaign_id: campaign }), token);
    return [answer.statusCode, answer.body.replaceAll(String(campaign), 'N')];
  };
  const doors = reports.flatMap((report) => [report.name, `${report.name}/export`].map((path) => ({ report, path })));
  for (const { report, path } of doors) {
    const nowhere = await ask(99, path);
    for (const campaign of [44, 45, 46, 47]) expect(await ask(campaign, path), path).toEqual(nowhere);
    if (!takesDates(report)) continue;
    expect(nowhere[0]).toBe(404);
    expect((await ask(43, path))[0]).toBe(200);
    expect((await ask(44, path, admin))[0]).toBe(200);
  }
});
