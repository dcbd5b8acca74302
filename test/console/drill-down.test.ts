import { expect } from 'vitest';
import { en } from '../../web/src/words/en.ts';
import { openConsole, story, type Tab } from './console.ts';
import { inEnglish, readTable, tileOf } from './reading.ts';

const there = openConsole({ demo: { calls: 3000, days: 60 } });

const drawer = ({ page }: Tab) => page.getByRole('dialog');

/** How many rows the drawer has, all of its pages together. */
async function countAll(tab: Tab): Promise<number> {
  const rows = drawer(tab).locator('table.numbers tbody tr');
  await rows.first().waitFor();
  const more = drawer(tab).getByRole('button', { name: en.more });
  for (let before = -1; before !== (await rows.count()); ) {
    before = await rows.count();
    if (await more.isVisible()) await more.click();
    else await rows.last().scrollIntoViewIfNeeded();
    await tab.settled();
  }
  return rows.count();
}

story('a number leads to as many calls as it says; the address is theirs, and back closes them', async () => {
  const person = await there.person();
  const tab = await person.open('/reports/dashboard?range=7d');
  for (const label of ['Answers', 'Conversions']) {
    const number = tileOf(tab, label);
    const count = await number.textContent();
    await number.click();
    await drawer(tab).getByRole('heading', { name: label }).waitFor();
    expect(inEnglish(await countAll(tab))).toBe(count);

    const colleague = await person.open(tab.address());
    await drawer(colleague).getByRole('heading', { name: label }).waitFor();
    await colleague.page.close();

    await tab.page.goBack();
    await drawer(tab).waitFor({ state: 'detached' });
    expect(tab.address()).toBe('/reports/dashboard?range=7d');
  }
  await tileOf(tab, 'Conversions').click();
  await drawer(tab).locator('tbody tr').first().waitFor();
  await tab.page.keyboard.press('Escape');
  await drawer(tab).waitFor({ state: 'detached' });
  expect(tab.address()).toBe('/reports/dashboard?range=7d');
});

story('a cell of a table, a bar and a stage of the funnel lead to what they count', async () => {
  const tab = await (await there.person()).open('/reports/calls-by-team?range=30d&compare=none');
  const cells = tab.page.locator('table.numbers tbody tr').first().locator('button.number');
  const answers = cells.nth(1);
  const count = await answers.textContent();
  await answers.click();
  expect(inEnglish(await countAll(tab))).toBe(count);

  await tab.at('/reports/disposition-breakdown?range=7d&compare=none');
  const bar = tab.page.locator('.bar-row button.number').last();
  const ofBar = await bar.textContent();
  await bar.click();
  expect(inEnglish(await countAll(tab))).toBe(ofBar);

  await tab.at('/reports/funnel?range=7d&compare=none');
  const stage = tab.page.locator('.bars button.number').last();
  const ofStage = await stage.textContent();
  await stage.click();
  expect(inEnglish(await countAll(tab))).toBe(ofStage);
});

story('what the drawer lists is what the API lists', async () => {
  const tab = await (await there.person()).open('/reports/dashboard?range=7d&open=dashboard:conversions');
  await countAll(tab);
  const { heads, rows } = await readTable(drawer(tab).locator('table.numbers'));
  const [asked] = tab.requests.filter((request) => request.includes('/dashboard/calls?'));
  const listed = await there.ask(`${asked?.slice('GET '.length).replace(/&limit=\d+/, '')}&limit=1000`);
  const { data: catalogue } = await there.ask('/api/telesales/reports');
  const dashboard = catalogue.find(({ name }) => name === 'dashboard') as unknown as {
    behind: { columns: { name: string; label: string }[] };
  };
  const idOf = ({ call_id }: Record<string, unknown>) => String(call_id);
  const { label } = dashboard.behind.columns.find(({ name }) => name === 'call_id')!;
  const place = heads.indexOf(label);
  expect(place).toBeGreaterThanOrEqual(0);
  expect(rows.map((row) => row[place])).toEqual(listed.data.map(idOf));
});

story(
  'who may not export sees the first page, and why there is no next one; who sees a part sees its calls alone',
  async () => {
    const reader = await (await there.person({ role: 'read_only' })).open('/reports/dashboard?range=30d');
    await tileOf(reader, 'Dials').click();
    await drawer(reader).locator('tbody tr').first().waitFor();
    expect(await drawer(reader).getByRole('button', { name: en.export }).count()).toBe(0);
    await drawer(reader).getByText(en.moreNotAllowed).waitFor();

    const { data: agents } = await there.ask('/api/telesales/agents');
    const [me] = agents;
    const agent = await (await there.person({ role: 'agent', agent: Number(me?.agent_id) })).open(
      '/reports/dashboard?range=30d&open=dashboard:total_answers',
    );
    await countAll(agent);
    const { heads, rows } = await readTable(drawer(agent).locator('table.numbers'));
    const names = new Set(rows.map((row) => row[heads.indexOf('Agent')]));
    expect([...names]).toEqual([me?.name]);
  },
);

story('an address that opens what is no number says so in the API’s words', async () => {
  const tab = await (await there.person()).open();
  tab.allow(/\b422\b/);
  await tab.at('/reports/dashboard?range=7d&open=dashboard:nonsense');
  await drawer(tab).getByRole('alert').waitFor();
  await tab.at('/reports/dashboard?range=7d&open=constructor:total_dials');
  await tab.page.locator('dl.tiles').waitFor();
});
