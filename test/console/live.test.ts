import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { emptyDirectory, serve } from '../cli/command-line.ts';
import { talk } from '../http/app.ts';
import { openConsole, openTab, story, type Tab } from './console.ts';
import { expectTile } from './reading.ts';

const there = openConsole();

/** A call of an hour ago. */
const recent = () => talk({ campaign_id: 1, started_at: new Date(Date.now() - 3_600_000).toISOString() });
const page = '/reports/dashboard?range=7d&compare=none';
const listens = (tabs: readonly Tab[]) =>
  tabs.flatMap(({ requests }) => requests.filter((request) => request.endsWith('/api/telesales/changes'))).length;

story('a call that comes in shows in two tabs without a reload, and in nobody else’s', async () => {
  await there.site.ingest('calls', [recent()], 2);
  await there.site.ingest('calls', [recent(), recent()], 3);
  const person = await there.person({ tenant: 2 });
  const [one, other] = [await person.open(page), await person.open(page)];
  const stranger = await (await there.person({ tenant: 3 })).open(page);
  await expectTile(one, 'Dials', '1');
  await expectTile(other, 'Dials', '1');
  await there.site.ingest('calls', [recent(), recent()], 2);
  await expectTile(one, 'Dials', '3');
  await expectTile(other, 'Dials', '3');
  const asked = stranger.requests.length;
  await there.site.ingest('calls', [recent()], 2);
  await expectTile(one, 'Dials', '4');
  expect(stranger.requests).toHaveLength(asked);
  await expectTile(stranger, 'Dials', '2');
});

story('nine tabs are live over one connection; when the one that has it is closed, another takes over', async () => {
  await there.site.ingest('calls', [recent()], 4);
  const person = await there.person({ tenant: 4 });
  const tabs: Tab[] = [];
  for (let tab = 0; tab < 9; tab++) tabs.push(await person.open(page));
  await there.site.ingest('calls', [recent()], 4);
  for (const tab of tabs) await expectTile(tab, 'Dials', '2');
  expect(listens(tabs)).toBe(1);

  const leads = tabs.findIndex((tab) => listens([tab]) > 0);
  const [leader] = tabs.splice(leads, 1);
  await leader?.page.close();
  await expect.poll(() => listens(tabs), { timeout: 30_000 }).toBe(1);
  await there.site.ingest('calls', [recent()], 4);
  for (const tab of tabs) await expectTile(tab, 'Dials', '3');
  // Nobody has lost anything by it.
  for (const tab of tabs) expect(await tab.page.getByText('Connection lost').count()).toBe(0);
});

story('a server that stands still is said, and when it goes on, what came meanwhile is there', async () => {
  const dataDir = emptyDirectory();
  const server = await serve(dataDir);
  const { url, key } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { url: string; key: string };
  const asOperator = { authorization: `Bearer ${key}`, 'dialtally-tenant': '5', 'content-type': 'application/json' };
  const send = async (path: string, body: unknown) => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers: asOperator, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
    return (await answer.json()) as { data: Record<string, string> };
  };
  await send('/api/telesales/ingest/calls', [recent()]);
  const made = await send('/api/telesales/sign-in-links', { role: 'admin' });
  const complaints: string[] = [];
  const { context } = await there.stranger();
  const tab = await openTab(context, url, (complaint) => void complaints.push(complaint));
  tab.allow(/failed|ERR_/);
  await tab.at(made.data.path ?? '');
  await tab.page.locator('dl.tiles').waitFor();
  await tab.at(page);
  await expectTile(tab, 'Dials', '1');
  const lost = tab.page.getByText(/connection lost|not live/i);
  expect(await lost.count()).toBe(0);

  server.kill('SIGSTOP');
  try {
    await lost.first().waitFor({ timeout: 100_000 });
  } finally {
    server.kill('SIGCONT');
  }
  await send('/api/telesales/ingest/calls', [recent(), recent()]);
  await expectTile(tab, 'Dials', '3');
  await expect.poll(() => lost.count(), { timeout: 60_000 }).toBe(0);
  expect(complaints).toEqual([]);
});

story('the page says until when it has data, and that it is of now', async () => {
  await there.site.ingest('calls', [recent()], 6);
  const tab = await (await there.person({ tenant: 6 })).open(page);
  expect(await tab.page.locator('.head').textContent()).toMatch(/Data until \d\d:\d\d:\d\d/);
});
