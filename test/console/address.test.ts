import { beforeEach, expect } from 'vitest';
import { en } from '../../web/src/words/en.ts';
import { missingBrowser as missing } from '../browser.ts';
import { openConsole, story, type Tab } from './console.ts';
import { choose, expectTile, inEnglish } from './reading.ts';

const there = openConsole({ demo: { calls: 3000, days: 60 } });
const zone = 'Asia/Ho_Chi_Minh';
const dashboard = '/reports/dashboard';

/** The date in the demo's zone, so many days from today. */
const day = (later: number) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(Date.now() + later * 86_400_000);

/** What the API counts. */
async function dialsOf(from: string, to: string, others = ''): Promise<string> {
  const query = `date_from=${from}&date_to=${to}&timezone=${zone}${others}`;
  const { data } = await there.ask<{ data: { total_dials: number } }>(`/api/telesales/reports/dashboard?${query}`);
  return inEnglish(data.total_dials);
}

/** The page says so many dials; of none, that there are none, unless there were some to compare with. */
async function dials(tab: Tab, count: string): Promise<void> {
  if (count !== '0') return expectTile(tab, 'Dials', count);
  await tab.settled();
  const isEmpty = await tab.page.getByRole('heading', { name: en.emptyWindow, exact: true }).isVisible();
  if (!isEmpty) await expectTile(tab, 'Dials', count);
}
const search = (tab: Tab) => Object.fromEntries(new URL(tab.page.url()).searchParams);
const rangeButton = (tab: Tab) => tab.page.getByRole('button', { name: new RegExp(`^${en.range}:`) });

let tab: Tab;
beforeEach(async () => {
  if (missing) return;
  tab = await (await there.person()).open(dashboard);
});

story('a range that is chosen stands in the address, which shows the same to a colleague', async () => {
  await dials(tab, await dialsOf(day(-6), day(0)));
  expect(tab.address()).toBe(dashboard);
  await rangeButton(tab).click();
  await tab.page.getByRole('button', { name: en.range_30d, exact: true }).click();
  const month = await dialsOf(day(-29), day(0));
  await dials(tab, month);
  expect(search(tab)).toEqual({ range: '30d' });

  const colleague = await (await there.person({ role: 'read_only' })).open(tab.address());
  await dials(colleague, month);
});

story('two dates of one’s own', async () => {
  await rangeButton(tab).click();
  await tab.page.getByRole('button', { name: en.range_custom, exact: true }).click();
  await tab.page.getByLabel(en.rangeFrom, { exact: true }).fill(day(-20));
  await tab.page.getByLabel(en.rangeTo, { exact: true }).fill(day(-11));
  await tab.page.getByRole('button', { name: en.rangeApply, exact: true }).click();
  await dials(tab, await dialsOf(day(-20), day(-11)));
  expect(search(tab)).toEqual({ range: `${day(-20)}..${day(-11)}` });

  // The other way round is no range, and is said.
  await rangeButton(tab).click();
  await tab.page.getByRole('button', { name: en.range_custom, exact: true }).click();
  await tab.page.getByLabel(en.rangeFrom, { exact: true }).fill(day(-2));
  await tab.page.getByText(en.rangeBackwards).waitFor();
  expect(await tab.page.getByRole('button', { name: en.rangeApply, exact: true }).isDisabled()).toBe(true);
});

story(
  'campaign, team, agent and zone change the address and the numbers; back and forward go step by step',
  async () => {
    await tab.at(`${dashboard}?range=30d`);
    const [from, to] = [day(-29), day(0)];
    const campaigns = await there.ask('/api/telesales/campaigns');
    const teams = await there.ask('/api/telesales/teams');
    const [campaign] = campaigns.data;
    const [team] = teams.data;
    const all = await dialsOf(from, to);
    await dials(tab, all);

    await choose(tab, en.campaign, [String(campaign?.name)]);
    const ofCampaign = await dialsOf(from, to, `&campaign_id=${campaign?.campaign_id}`);
    await dials(tab, ofCampaign);
    expect(search(tab)).toEqual({ range: '30d', campaign: String(campaign?.campaign_id) });

    await choose(tab, en.team, [String(team?.name)]);
    const ofTeam = await dialsOf(from, to, `&campaign_id=${campaign?.campaign_id}&team_id=${team?.team_id}`);
    await dials(tab, ofTeam);

    await tab.page.goBack();
    await dials(tab, ofCampaign);
    expect(search(tab)).toEqual({ range: '30d', campaign: String(campaign?.campaign_id) });
    await tab.page.goBack();
    await dials(tab, all);
    await tab.page.goForward();
    await dials(tab, ofCampaign);
    await tab.page.goForward();
    await dials(tab, ofTeam);

    await tab.page.locator('section.filters').getByRole('button', { name: en.clearFilters, exact: true }).click();
    await dials(tab, all);
    expect(search(tab)).toEqual({ range: '30d' });
  },
);

story('several agents, found by a part of their names', async () => {
  await tab.at(`${dashboard}?range=30d`);
  const { data: agents } = await there.ask('/api/telesales/agents');
  const [one, other] = agents;
  await choose(
    tab,
    en.agents,
    [one, other].map((agent) => String(agent?.name)),
  );
  const ids = [one?.agent_id, other?.agent_id];
  expect(search(tab)).toEqual({ range: '30d', agents: ids.join(',') });
  await dials(tab, await dialsOf(day(-29), day(0), ids.map((id) => `&agent_ids[]=${id}`).join('')));
});

story('another zone is another day, and is written beside the dates', async () => {
  await tab.at(`${dashboard}?range=${day(-20)}..${day(-20)}&zone=America/New_York`);
  const query = `date_from=${day(-20)}&date_to=${day(-20)}&timezone=America/New_York`;
  const { data } = await there.ask<{ data: { total_dials: number } }>(`/api/telesales/reports/dashboard?${query}`);
  await dials(tab, inEnglish(data.total_dials));
  expect(await tab.page.locator('.head').textContent()).toContain('America/New_York');
  expect(tab.page.url()).toContain('zone=America/New_York');
});

story('an address that says nonsense is read as far as it makes sense', async () => {
  await tab.at(
    `${dashboard}?range=2026-99-99..x&campaign=-1&agents=a,,b&zone=Mars/Base&compare=%00&q=%F0%9F%98%80&open=::=%`,
  );
  await dials(tab, await dialsOf(day(-6), day(0)));
});

story('keys: D, W, M, arrows, X, Esc, /, ? and Ctrl-K', async () => {
  const { page } = tab;
  await page.keyboard.press('d');
  await expect.poll(() => search(tab).range).toBe('today');
  await dials(tab, await dialsOf(day(0), day(0)));
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => search(tab).range).toBe('yesterday');
  await dials(tab, await dialsOf(day(-1), day(-1)));
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => search(tab).range).toBe(`${day(-2)}..${day(-2)}`);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => search(tab).range).toBe('yesterday');
  await page.keyboard.press('w');
  await expect.poll(() => search(tab).range ?? '7d').toBe('7d');
  await dials(tab, await dialsOf(day(-6), day(0)));
  await page.keyboard.press('m');
  await expect.poll(() => search(tab).range).toBe('month');
  await page.keyboard.press('x');
  await expect.poll(() => search(tab).compare).toBe('none');
  await expect.poll(() => page.locator('.change').count()).toBe(0);
  await page.keyboard.press('x');
  await page.locator('.change').first().waitFor();

  await page.keyboard.press('?');
  const list = page.getByRole('dialog');
  await list.getByText(en.key_palette).waitFor();
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  // What is open is closed first: the range stays.
  expect(search(tab).range).toBe('month');

  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('funnel');
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).pathname).toBe('/reports/funnel');
  await tab.settled();
  expect(search(tab).range).toBe('month');

  await tab.at('/reports/agent-performance?range=30d');
  const field = page.locator('main [data-search]');
  await field.waitFor();
  await page.keyboard.press('/');
  await expect.poll(() => page.evaluate('document.activeElement?.hasAttribute("data-search")')).toBe(true);
  await page.keyboard.type('nguyen');
  await expect.poll(() => field.inputValue()).toBe('nguyen');
  await expect.poll(() => search(tab).q).toBe('nguyen');
  expect(search(tab).range).toBe('30d');
  await tab.at('/reports/agent-performance?range=30d&team=1');
  await page.keyboard.press('Escape');
  await expect.poll(() => search(tab).team).toBeUndefined();
  expect(search(tab).range).toBe('30d');
});
