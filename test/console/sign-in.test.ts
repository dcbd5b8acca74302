import { expect } from 'vitest';
import { en } from '../../web/src/words/en.ts';
import { openConsole, story, type Tab } from './console.ts';
import { filterButton } from './reading.ts';

const there = openConsole({ demo: { calls: 1000, days: 10 } });

// Whoever is not signed in is told so: by the server, and by the browser in its console.
const unknown = /\b401\b/;

async function enter(tab: Tab, secret: string): Promise<void> {
  await tab.page.getByLabel(en.signInToken).first().fill(secret);
  await tab.page.getByRole('button', { name: en.signIn, exact: true }).click();
}

const isAsked = ({ page }: Tab) => page.getByRole('heading', { name: en.signIn, exact: true }).waitFor();
const personOf = ({ page }: Tab) => page.getByRole('button', { name: new RegExp(`${en.settings}$`) });
const nav = ({ page }: Tab) => page.getByRole('navigation', { name: en.navigation });
const links = async (tab: Tab) => (await nav(tab).getByRole('link').allTextContents()).map((text) => text.trim());

/** What ends a link that somebody is sent. */
async function linkOf(role: string): Promise<string> {
  const made = await there.site.app.inject({
    method: 'POST',
    url: '/api/telesales/sign-in-links',
    headers: { authorization: `Bearer ${await there.token('admin')}` },
    payload: { role },
  });
  return made.json<{ data: { path: string } }>().data.path;
}

/** What the API says to a secret. */
async function saidTo(secret: string): Promise<string> {
  const headers = { authorization: `Bearer ${secret}` };
  const answer = await there.site.app.inject({ method: 'POST', url: '/api/telesales/session', headers });
  return answer.json<{ message: string }>().message;
}

story('by a token, and the page that was wanted opens; out again by a button, and nothing is left', async () => {
  const person = await there.stranger();
  const tab = await person.open('/reports/dashboard?range=30d');
  await isAsked(tab);
  await enter(tab, await there.token('supervisor'));
  await tab.page.locator('dl.tiles').waitFor();
  expect(tab.address()).toBe('/reports/dashboard?range=30d');
  // No script can read what keeps the browser signed in.
  expect(await tab.page.evaluate('document.cookie')).toBe('');
  expect(await tab.page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toMatch(/d[tls]_/);

  const [cookie] = await person.context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  await personOf(tab).click();
  await tab.page.getByText(en.signOut, { exact: true }).click();
  await isAsked(tab);
  await expect.poll(() => person.context.cookies()).toEqual([]);
  const headers = { cookie: `${cookie?.name}=${cookie?.value}` };
  expect((await there.site.app.inject({ url: '/api/telesales/start', headers })).statusCode).toBe(401);
  await tab.page.waitForURL((url) => url.pathname === '/sign-in');
  await tab.at('/reports/dashboard?range=30d');
  await isAsked(tab);
});

story('a wrong token is refused in the API’s words, and the right one still works', async () => {
  const tab = await (await there.stranger()).open('/');
  tab.allow(unknown);
  await enter(tab, 'dt_wrong');
  const alert = tab.page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.textContent()).toContain(await saidTo('dt_wrong'));
  await enter(tab, await there.token('admin'));
  await tab.page.locator('dl.tiles').waitFor();
});

story('by a link, once: it is gone from the address, and a second time it is refused in words', async () => {
  const link = await linkOf('supervisor');
  const tab = await (await there.stranger()).open(link);
  await tab.page.locator('dl.tiles').waitFor();
  expect(tab.page.url()).not.toContain('dl_');
  await tab.page.goBack().catch(() => null);
  expect(tab.page.url()).not.toContain('dl_');

  const other = await (await there.stranger()).open();
  other.allow(unknown);
  await other.at(link);
  const alert = other.page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.textContent()).toContain(await saidTo(link.split('#')[1] ?? ''));
  // Somebody who is signed in already, and gets another link, is then whoever it is for.
  await tab.at(await linkOf('read_only'));
  await tab.page.locator('dl.tiles').waitFor();
  expect(await personOf(tab).textContent()).toContain(en.role_read_only);
});

story('a session that ends while somebody looks: they are asked to sign in, and see the same page again', async () => {
  const token = await there.token('supervisor');
  const { context, open } = await there.stranger();
  const headers = { origin: there.url, authorization: `Bearer ${token}` };
  await context.request.post('/api/telesales/session', { headers });
  const tab = await open('/reports/dashboard?range=30d&compare=none');
  const { data: tokens } = await there.ask('/api/telesales/tokens');
  const newest = tokens
    .filter(({ role }) => role === 'supervisor')
    .sort((a, b) => Number(b.token_id) - Number(a.token_id));
  tab.allow(unknown);
  const ended = await there.site.app.inject({
    method: 'DELETE',
    url: `/api/telesales/tokens/${newest[0]?.token_id}`,
    headers: { authorization: `Bearer ${await there.token('admin')}` },
  });
  expect(ended.statusCode).toBe(200);
  await tab.page.keyboard.press('w');
  await isAsked(tab);
  await enter(tab, await there.token('supervisor'));
  await tab.page.locator('dl.tiles').waitFor();
  const { pathname, searchParams } = new URL(tab.page.url());
  expect([pathname, searchParams.get('compare')]).toEqual(['/reports/dashboard', 'none']);
});

story('where to go after signing in is a page of this server, whatever the address says', async () => {
  for (const to of [
    '//elsewhere.example/',
    'https://elsewhere.example/',
    '/\\elsewhere.example',
    'javascript:alert(1)',
  ]) {
    const tab = await (await there.stranger()).open(`/sign-in?to=${encodeURIComponent(to)}`);
    await enter(tab, await there.token('supervisor'));
    await tab.page.locator('h1', { hasNotText: en.signIn }).waitFor();
    expect(new URL(tab.page.url()).origin).toBe(there.url);
    await tab.page.close();
  }
});

story('what a role may not do is not shown', async () => {
  const reports = async (tab: Tab) => (await links(tab)).filter((text) => text !== en.apiPage);
  const admin = await (await there.person({ role: 'admin' })).open('/reports/dashboard');
  const all = await reports(admin);
  expect(all).toContain('Abandon rate');
  expect(all).toContain(en.firstSteps);

  const supervisor = await (await there.person({ role: 'supervisor' })).open('/reports/dashboard');
  expect(await reports(supervisor)).toEqual(all.filter((text) => text !== en.firstSteps));
  await supervisor.page.getByRole('button', { name: en.export }).waitFor();

  const reader = await (await there.person({ role: 'read_only' })).open('/reports/dashboard');
  expect(await reports(reader)).toEqual(all.filter((text) => text !== en.firstSteps));
  expect(await reader.page.getByRole('button', { name: en.export }).count()).toBe(0);

  const { data: agents } = await there.ask('/api/telesales/agents');
  const agent = await (await there.person({ role: 'agent', agent: Number(agents[0]?.agent_id) })).open('/');
  expect(await reports(agent)).toEqual(all.filter((text) => ![en.firstSteps, 'Abandon rate'].includes(text)));
  for (const name of [en.team, en.agents]) expect(await filterButton(agent.page, name).count()).toBe(0);
  expect(await agent.page.getByRole('link', { name: 'Are we within the limit?' }).count()).toBe(0);
  await agent.page.getByText(String(agents[0]?.name)).first().waitFor();

  const { data: teams } = await there.ask('/api/telesales/teams');
  const leader = await (await there.person({ role: 'supervisor', team: Number(teams[0]?.team_id) })).open('/');
  expect(await filterButton(leader.page, en.team).count()).toBe(0);
  expect(await filterButton(leader.page, en.agents).count()).toBe(1);

  // Whoever may only bring data in is led to where that is done.
  const intake = await (await there.person({ role: 'ingest' })).open('/');
  await intake.page
    .getByRole('heading', { name: en.stepsTitle })
    .or(intake.page.getByText(en.stepsFile))
    .first()
    .waitFor();
  expect(await links(intake)).not.toContain('Dashboard');
});

story('a page that a role may not see says so', async () => {
  const { data: agents } = await there.ask('/api/telesales/agents');
  const tab = await (await there.person({ role: 'agent', agent: Number(agents[0]?.agent_id) })).open(
    '/reports/abandon-rate',
  );
  await tab.page.getByRole('heading', { name: en.notFound }).or(tab.page.getByText(en.refused)).first().waitFor();
  const nowhere = await (await there.person()).open('/reports/constructor');
  await nowhere.page.getByRole('heading', { name: en.notFound }).waitFor();
});
