import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../src/sql.ts';
import { localKey, openSite, openTestStore, reportUrl, type Site, talk } from './app.ts';
import { askToSignIn, cookiesOf, linkFor, ownPage, signIn } from './browser.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const me = '/api/telesales/me';
const session = '/api/telesales/session';

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
// It only ever goes on: so do the instants of changes.
let now = Date.parse('2026-06-01T00:00:00Z');

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => now });
});
afterAll(async () => {
  await site.app.close();
  await held.close();
});

/** What a page of ours gets with a browser's cookie. */
const asBrowser = (cookie: string, url = me, on = site, headers: Record<string, string> = ownPage) =>
  on.app.inject({ url, headers: { cookie, ...headers } });
const status = async (cookie: string, url = me, on = site) => (await asBrowser(cookie, url, on)).statusCode;
const signOut = (cookie: string, headers: Record<string, string> = ownPage) =>
  site.app.inject({ method: 'DELETE', url: session, headers: { cookie, ...headers } });
const idOf = async (token: string, tenant = 1): Promise<number> => {
  const all = (await site.get('/api/telesales/tokens', localKey, { 'dialtally-tenant': String(tenant) })).json().data;
  const found = await held.store.query<{ id: number }>(
    sql`SELECT token_id AS id FROM tokens FINAL WHERE token_hash = lower(hex(SHA256({token:String})))`.bind({ token }),
  );
  return all.find(({ token_id }: { token_id: number }) => token_id === found[0]?.id).token_id;
};
const revoke = (id: number, tenant = 1) =>
  site.app.inject({
    method: 'DELETE',
    url: `/api/telesales/tokens/${id}`,
    headers: { authorization: `Bearer ${localKey}`, 'dialtally-tenant': String(tenant) },
  });

describe('signing in', () => {
  test('with a token gives a session, which says who one is and asks as the token does', async () => {
    const token = await site.token('supervisor', { team: 3 });
    const answer = await askToSignIn(site, token);
    expect(answer.statusCode).toBe(201);
    expect(answer.json().data).toMatchObject({ role: 'supervisor', team_id: 3, agent_id: null });
    const [cookie] = cookiesOf(answer);
    expect(cookie?.value).toMatch(/^ds_[\w-]{43}$/);
    const said = await asBrowser(`${cookie?.name}=${cookie?.value}`);
    expect(said.json()).toEqual((await site.get(me, token)).json());
    expect(answer.body).not.toContain(cookie?.value);
  });

  test('the cookie is out of reach of scripts and of other sites, for all of the server and a month', async () => {
    const [cookie] = cookiesOf(await askToSignIn(site, await site.token('admin')));
    const { expires = '', ...terms } = Object.fromEntries(cookie?.terms ?? []);
    expect(terms).toEqual({ path: '/', httponly: undefined, samesite: 'strict' });
    expect(Date.parse(expires)).toBeGreaterThan(now + 29 * dayMs);
    expect(Date.parse(expires)).toBeLessThanOrEqual(now + 30 * dayMs + minuteMs);
  });

  test('behind a proxy that speaks TLS, the cookie is for TLS alone; from nobody else is that believed', async () => {
    const token = await site.token('admin');
    const trusting = await openSite(held.store, held.directory, {
      env: { TRUST_PROXY: '127.0.0.1' },
      now: () => now,
    });
    const tls = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7', host: 'calls.example' };
    const [cookie] = cookiesOf(await askToSignIn(trusting, token, tls));
    expect(cookie?.name).toBe('__Host-dialtally_session');
    expect(cookie?.terms.has('secure')).toBe(true);
    const shown = `${cookie?.name}=${cookie?.value}`;
    expect((await asBrowser(shown, me, trusting, { ...ownPage, ...tls })).statusCode).toBe(200);
    // The same cookie without TLS is none.
    expect((await asBrowser(shown, me, trusting, { ...ownPage, host: 'calls.example' })).statusCode).toBe(401);
    expect(cookiesOf(await askToSignIn(site, token, tls))[0]?.terms.has('secure')).toBe(false);
    await trusting.app.close();
  });

  test('servers on two ports of one machine keep their sessions apart', async () => {
    const token = await site.token('admin');
    const names = await Promise.all(
      ['localhost:8080', 'localhost:8081', 'localhost'].map(
        async (host) => cookiesOf(await askToSignIn(site, token, { host }))[0]?.name,
      ),
    );
    expect(names).toEqual(['dialtally_session_8080', 'dialtally_session_8081', 'dialtally_session']);
  });

  test('the page of nobody learns that, without an error', async () => {
    const ask = async (headers = {}) => (await site.app.inject({ url: session, headers })).json();
    expect(await ask()).toEqual({ data: { is_signed_in: false } });
    expect(await ask({ cookie: 'dialtally_session=ds_nonsense' })).toEqual({ data: { is_signed_in: false } });
    const token = await site.token('admin');
    // A token is no session, wherever it stands.
    expect(await ask({ cookie: `dialtally_session=${token}` })).toEqual({ data: { is_signed_in: false } });
    expect(await ask({ authorization: `Bearer ${token}` })).toEqual({ data: { is_signed_in: false } });
    const cookie = await signIn(site, token, { host: 'localhost' });
    expect(await ask({ cookie, host: 'localhost' })).toEqual({ data: { is_signed_in: true } });
  });

  test('the local key signs nobody in, nor does a session', async () => {
    const headers = { authorization: `Bearer ${localKey}`, 'dialtally-tenant': '1' };
    const byKey = await site.app.inject({ method: 'POST', url: session, headers });
    expect([byKey.statusCode, byKey.json().message]).toEqual([403, expect.stringContaining('dialtally sign-in')]);
    const cookie = await signIn(site, await site.token('admin'));
    const again = await site.app.inject({ method: 'POST', url: session, headers: { cookie, ...ownPage } });
    expect([again.statusCode, cookiesOf(again)]).toEqual([403, []]);
    expect(await status(cookie)).toBe(200);
  });

  test('where somebody is signed in already, the new session takes the place of the old one', async () => {
    const before = await signIn(site, await site.token('admin'));
    const other = await site.token('read_only', { tenant: 2 });
    const after = await signIn(site, other, { cookie: before });
    expect([await status(before), await status(after)]).toEqual([401, 200]);
    expect((await asBrowser(after)).json().data).toMatchObject({ role: 'read_only', tenant: { tenant_id: 2 } });
    const byLink = await signIn(site, await linkFor(site, { role: 'admin' }), { cookie: after });
    expect([await status(after), await status(byLink)]).toEqual([401, 200]);
    // What is refused ends nothing.
    expect((await askToSignIn(site, 'dt_wrong', { cookie: byLink })).statusCode).toBe(401);
    expect(await status(byLink)).toBe(200);
  });
});

describe('a sign-in link', () => {
  test('signs in once, as whoever it was made for, and then says what it is', async () => {
    const secret = await linkFor(site, { role: 'agent', agent_id: 25 }, 4);
    const answer = await askToSignIn(site, secret);
    expect(answer.json().data).toMatchObject({ role: 'agent', agent_id: 25, tenant: { tenant_id: 4 } });
    const again = await askToSignIn(site, secret);
    expect([again.statusCode, again.json().message, cookiesOf(again)]).toEqual([
      401,
      expect.stringMatching(/^A sign-in link is good once, for ten minutes.*dialtally sign-in/),
      [],
    ]);
  });

  test('of two browsers at once, it signs one in', async () => {
    const secret = await linkFor(site, { role: 'admin' });
    const answers = await Promise.all(Array.from({ length: 6 }, () => askToSignIn(site, secret)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 401, 401, 401, 401, 401]);
  });

  test('is good for ten minutes', async () => {
    const [early, late] = [await linkFor(site, { role: 'admin' }), await linkFor(site, { role: 'admin' })];
    now += 10 * minuteMs - 1000;
    expect((await askToSignIn(site, early)).statusCode).toBe(201);
    now += 2000;
    expect((await askToSignIn(site, late)).statusCode).toBe(401);
  });

  test('is made by admins alone, for a role with its part', async () => {
    const make = (token: string, payload: object) =>
      site.app.inject({
        method: 'POST',
        url: '/api/telesales/sign-in-links',
        headers: { authorization: `Bearer ${token}` },
        payload,
      });
    const admin = await site.token('admin', { tenant: 5 });
    const made = await make(admin, { role: 'supervisor', team_id: 7 });
    expect([made.statusCode, made.headers['cache-control']]).toEqual([201, 'no-store']);
    expect(made.json().data).toMatchObject({ tenant_id: 5, role: 'supervisor', team_id: 7, kind: 'link' });
    expect(Date.parse(made.json().data.expires_at)).toBeLessThan(now + 10 * minuteMs + 1000);
    for (const role of ['supervisor', 'read_only', 'ingest'] as const)
      expect((await make(await site.token(role), { role: 'read_only' })).statusCode).toBe(403);
    const bad = await make(admin, { role: 'agent', team_id: 1 });
    expect([bad.statusCode, Object.keys(bad.json().errors).sort()]).toEqual([422, ['agent_id', 'team_id']]);
    // Signed in, an admin makes them as well.
    const cookie = await signIn(site, admin);
    const byBrowser = await site.app.inject({
      method: 'POST',
      url: '/api/telesales/sign-in-links',
      headers: { cookie, ...ownPage },
      payload: { role: 'read_only' },
    });
    expect(byBrowser.statusCode).toBe(201);
  });
});

describe('a session ends', () => {
  test('when one signs out: at once, for good, and the browser forgets it', async () => {
    const token = await site.token('admin');
    const [cookie, other] = [await signIn(site, token), await signIn(site, token)];
    const answer = await signOut(cookie);
    expect([answer.statusCode, answer.json()]).toEqual([200, { data: { has_ended: true } }]);
    const [forgotten] = cookiesOf(answer);
    expect([forgotten?.value, Date.parse(forgotten?.terms.get('expires') ?? '')]).toEqual(['', 0]);
    const replayed = await asBrowser(cookie);
    expect([replayed.statusCode, replayed.json().message]).toEqual([401, 'The session has ended. Sign in again.']);
    expect((await signOut(cookie)).statusCode).toBe(401);
    // Neither the token nor another browser is signed out with it.
    expect([await status(other), (await site.get(me, token)).statusCode]).toEqual([200, 200]);
  });

  test('a token is no session to sign out of', async () => {
    const headers = { authorization: `Bearer ${await site.token('admin')}` };
    expect((await site.app.inject({ method: 'DELETE', url: session, headers })).statusCode).toBe(403);
  });

  test('with the token that signed in: revoked', async () => {
    const token = await site.token('admin');
    const cookie = await signIn(site, token);
    await revoke(await idOf(token));
    expect([await status(cookie), (await site.get(me, token)).statusCode]).toEqual([401, 401]);
  });

  test('with the token that signed in: expired', async () => {
    const cookie = await signIn(site, await site.token('admin', { expires: '2d' }));
    now += 2 * dayMs - 1000;
    expect(await status(cookie)).toBe(200);
    now += 2000;
    expect(await status(cookie)).toBe(401);
  });

  test('after a month', async () => {
    const cookie = await signIn(site, await linkFor(site, { role: 'read_only' }));
    now += 30 * dayMs - 1000;
    expect(await status(cookie)).toBe(200);
    now += 2000;
    expect(await status(cookie)).toBe(401);
  });

  test('when an admin ends it, who finds it in the list of tokens', async () => {
    const admin = await site.token('admin', { tenant: 6 });
    const cookie = await signIn(site, admin);
    const listed: { token_id: number; kind: string; of_token_id: number | null }[] = (
      await site.get('/api/telesales/tokens', admin)
    ).json().data;
    const [own, its] = [listed.find(({ kind }) => kind === 'token'), listed.find(({ kind }) => kind === 'session')];
    expect(its?.of_token_id).toBe(own?.token_id);
    expect(JSON.stringify(listed)).not.toMatch(/d[st]_/);
    expect((await revoke(its?.token_id ?? 0, 6)).statusCode).toBe(200);
    expect([await status(cookie), (await site.get(me, admin)).statusCode]).toEqual([401, 200]);
  });

  test('while a stream is open: the stream ends with it', async () => {
    const url = await site.app.listen({ host: '127.0.0.1', port: 0 });
    const { host } = new URL(url);
    const token = await site.token('admin');
    const [cookie, other] = [await signIn(site, token, { host }), await signIn(site, token, { host })];
    const open = async (shown: string) => {
      const answer = await fetch(`${url}/api/telesales/changes`, { headers: { cookie: shown, ...ownPage } });
      expect(answer.status).toBe(200);
      return answer.text();
    };
    const [first, second] = [open(cookie), open(other)];
    await sleep(100);
    await signOut(cookie, { host, ...ownPage });
    await first;
    expect(await Promise.race([second, sleep(1200, 'still open')])).toBe('still open');
    await revoke(await idOf(token));
    expect(await second).toContain('data: {"at":');
  });

  test('not with a restart', async () => {
    const cookie = await signIn(site, await site.token('admin'));
    const gone = await signIn(site, await site.token('admin'));
    await signOut(gone);
    const restarted = await openSite(held.store, held.directory, { now: () => now });
    expect([await status(cookie, me, restarted), await status(gone, me, restarted)]).toEqual([200, 401]);
    await restarted.app.close();
  });
});

describe('each kind of token comes one way', () => {
  test('a session as bearer, a token as cookie and a link anywhere but to sign in are none', async () => {
    const token = await site.token('admin');
    const cookie = await signIn(site, token);
    const [name = '', secret = ''] = cookie.split('=');
    const link = await linkFor(site, { role: 'admin' });
    const asked = ['/api/telesales/me', '/api/telesales/start', '/api/telesales/campaigns', '/api/telesales/tokens'];
    for (const url of asked) {
      expect((await site.get(url, secret)).statusCode).toBe(401);
      expect((await site.get(url, link)).statusCode).toBe(401);
      for (const value of [token, link]) expect(await status(`${name}=${value}`, url)).toBe(401);
    }
    expect((await askToSignIn(site, secret)).statusCode).toBe(401);
    for (const value of [token, link]) {
      const headers = { cookie: `${name}=${value}`, ...ownPage };
      expect((await site.app.inject({ method: 'POST', url: session, headers })).statusCode).toBe(401);
    }
    // None of that has used the link up.
    expect((await askToSignIn(site, link)).statusCode).toBe(201);
  });

  test('a bearer goes before a cookie', async () => {
    const cookie = await signIn(site, await site.token('admin', { tenant: 2 }));
    const answer = await site.get(me, await site.token('admin'), { cookie, ...ownPage });
    expect(answer.json().data.tenant.tenant_id).toBe(1);
    expect((await site.get(me, 'dt_wrong', { cookie, ...ownPage })).statusCode).toBe(401);
  });

  test('browsers whose sessions ended together are no guessers', async () => {
    const counting = await openSite(held.store, held.directory, { env: { RATE_LIMIT: '1000' }, now: () => now });
    const statuses = new Set<number>();
    for (let n = 0; n < 40; n++) statuses.add(await status(`dialtally_session=ds_ended-${n}`, me, counting));
    expect([...statuses]).toEqual([401]);
    await counting.app.close();
  });
});

describe('other people\u2019s pages', () => {
  type Sent = Record<string, string>;
  const host = 'calls.example:8080';
  // What a browser says of who asks, and whether a question and a change are answered.
  const table: [who: string, sent: Sent, question: number, change: number][] = [
    ['the console', { 'sec-fetch-site': 'same-origin', origin: `http://${host}` }, 200, 200],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403, 403],
    ['another host of the domain', { 'sec-fetch-site': 'same-site', origin: 'http://wiki.example' }, 403, 403],
    ['another site that says it is ours', { 'sec-fetch-site': 'cross-site', origin: `http://${host}` }, 403, 403],
    ['the address bar', { 'sec-fetch-site': 'none' }, 200, 403],
    ['a browser that says something new', { 'sec-fetch-site': 'same-planet' }, 403, 403],
    ['an old browser, on our page', { origin: `http://${host}` }, 200, 200],
    ['an old browser, on another port', { origin: 'http://calls.example:9090' }, 403, 403],
    ['an old browser, elsewhere', { origin: 'https://evil.example' }, 403, 403],
    ['an old browser, from a file', { origin: 'null' }, 403, 403],
    ['an old browser that says nothing', {}, 200, 403],
  ];
  let cookie: string;
  beforeAll(async () => {
    cookie = await signIn(site, await site.token('admin'), { host });
  });

  test.each(table)('%s', async (_who, sent, question, change) => {
    const headers = { cookie, host, ...sent };
    for (const method of ['GET', 'HEAD'] as const)
      expect((await site.app.inject({ method, url: me, headers })).statusCode).toBe(question);
    const changed = await site.app.inject({ method: 'PUT', url: '/api/telesales/settings', headers, payload: {} });
    expect(changed.statusCode).toBe(change);
    if (change === 200) return;
    for (const [method, url] of [
      ['POST', '/api/telesales/tokens'],
      ['POST', '/api/telesales/purge'],
      ['POST', '/api/telesales/sign-in-links'],
      ['POST', '/api/telesales/ingest/calls'],
      ['DELETE', session],
    ] as const)
      expect((await site.app.inject({ method, url, headers, payload: {} })).statusCode, url).toBe(403);
    expect((await asBrowser(cookie, me, site, { host, ...ownPage })).statusCode).toBe(200);
  });

  test('are given nothing that would let them read an answer', async () => {
    const headers = { cookie, host, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
    for (const method of ['GET', 'OPTIONS'] as const) {
      const answer = await site.app.inject({ method, url: session, headers: { ...headers, ...asked } });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

test('a token has so many sessions, then the oldest makes room; another token has its own', async () => {
  const bounded = await openSite(held.store, held.directory, { env: { TOKEN_LIMIT: '3' }, now: () => now });
  const [token, other] = [await bounded.token('admin', { tenant: 9 }), await bounded.token('admin', { tenant: 9 })];
  const cookies: string[] = [];
  for (let n = 0; n < 5; n++) cookies.push(await signIn(bounded, token));
  const apart = await signIn(bounded, other);
  const statuses = await Promise.all([...cookies, apart].map((cookie) => status(cookie, me, bounded)));
  expect(statuses).toEqual([401, 401, 200, 200, 200, 200]);
  // They count as no tokens, nor do links.
  for (let n = 0; n < 5; n++) await linkFor(bounded, { role: 'admin' }, 9);
  await bounded.token('read_only', { tenant: 9 });
  await expect(bounded.token('read_only', { tenant: 9 })).rejects.toThrow('TOO_MANY_TOKENS');
  await bounded.app.close();
});

test('who signed in and out, and for whom links were made, is written down', async () => {
  const later = <Done>(done: Done) => {
    now += 1000;
    return done;
  };
  const from = new Date(now).toISOString();
  const token = later(await site.token('admin', { tenant: 8 }));
  const cookie = later(await signIn(site, token));
  later(await signOut(cookie));
  const link = later(await linkFor(site, { role: 'supervisor', team_id: 2 }, 8));
  const byLink = later(await signIn(site, link));
  const log = (await site.get(`/api/telesales/audit/changes?from=${from}`, token)).json().data as {
    action: string;
    role: string;
    details: { token_id: number; by?: string };
  }[];
  expect(log.reverse().map(({ action, role, details: { by } }) => [action, role, by])).toEqual([
    ['token.created', 'operator', undefined],
    ['session.begun', 'admin', 'token'],
    ['session.ended', 'admin', undefined],
    ['link.made', 'operator', undefined],
    ['session.begun', 'supervisor', 'link'],
  ]);
  expect(log[1]?.details.token_id).toBe(log[2]?.details.token_id);
  for (const secret of [token, link, byLink, cookie].map((one) => one.split('=').at(-1) ?? ''))
    expect(JSON.stringify(log)).not.toContain(secret);
});

describe('what a screen begins with', () => {
  const roles = ['admin', 'supervisor', 'read_only', 'agent'] as const;
  test.each(roles)('%s: who it is, and the reports that it may see', async (role) => {
    const token = await site.token(role, role === 'agent' ? { agent: 1 } : {});
    const cookie = await signIn(site, token);
    const begun = (await asBrowser(cookie, '/api/telesales/start')).json().data;
    expect(begun.me).toEqual((await asBrowser(cookie)).json().data);
    expect(begun.reports).toEqual((await site.get('/api/telesales/reports', token)).json().data);
    const names = begun.reports.map(({ name }: { name: string }) => name);
    expect(names.includes('abandon-rate')).toBe(role !== 'agent');
  });

  test('who only sends rows in has no reports', async () => {
    const cookie = await signIn(site, await site.token('ingest'));
    const begun = (await asBrowser(cookie, '/api/telesales/start')).json().data;
    expect(begun.reports).toEqual([]);
    expect(begun.me.may).toEqual(['ingest']);
  });

  test('a report asked for in a browser is the one that a program gets', async () => {
    const token = await site.token('admin', { tenant: 12 });
    await site.ingest('calls', [talk()], 12);
    const url = reportUrl('dashboard', { date_from: '2026-06-01', date_to: '2026-06-05' });
    const cookie = await signIn(site, token);
    expect((await asBrowser(cookie, url)).json()).toEqual((await site.get(url, token)).json());
    expect((await asBrowser(cookie, url)).json().data.total_dials).toBe(1);
  });
});
