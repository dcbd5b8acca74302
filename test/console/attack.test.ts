import { beforeAll, expect } from 'vitest';
import type { TableName } from '../../src/tables.ts';
import { en } from '../../web/src/words/en.ts';
import { missingBrowser } from '../browser.ts';
import { localKey, type SentRow } from '../http/app.ts';
import { openConsole, story, type Tab } from './console.ts';

const there = openConsole();
const tenant = 66;

/** What somebody may call a campaign, an agent, a source. */
const hostile = [
  '<img src=x onerror="window.pwned=1">',
  '<script>window.pwned=1</script>',
  '"><svg onload=window.pwned=1>',
  '</title></table></main><iframe src="https://elsewhere.example/">',
  'javascript:window.pwned=1',
  '{{constructor.constructor("window.pwned=1")()}} ${window.pwned=1}',
  'constructor',
  '__proto__',
  'toString',
  '=HYPERLINK("https://elsewhere.example/","x")',
  'url(https://elsewhere.example/x.png)',
  '\u202Eright to left\u202C ابجد עברית',
  'مركز الاتصال الشمالي',
  `Z${'\u0336\u0332\u035D\u0361\u0489'.repeat(12)}algo`,
  '👩‍👩‍👧‍👦🏳️‍🌈 王小明 \u0007',
  '../../%2e%2e/%00?a=b&c=d#e:f',
  'W'.repeat(1000),
  'many words '.repeat(90).trim(),
  ' \u00a0 ',
  'null',
];

/** Takes in what the API takes of these rows. */
async function send(table: TableName, rows: readonly SentRow[]): Promise<number> {
  const sent = await there.site.app.inject({
    method: 'POST',
    url: `/api/telesales/ingest/${table}`,
    headers: {
      authorization: `Bearer ${localKey}`,
      'dialtally-tenant': String(tenant),
      'content-type': 'application/x-ndjson',
    },
    payload: rows.map((row) => JSON.stringify(row)).join('\n'),
  });
  return sent.json<{ data: { taken_in: number } }>().data.taken_in;
}

beforeAll(async () => {
  if (missingBrowser) return;
  const each = <Row extends SentRow>(toRow: (name: string, index: number) => Row) => hostile.map(toRow);
  const most = hostile.length - 2;
  expect(
    await send(
      'campaigns',
      each((name, index) => ({ campaign_id: index + 1, name })),
    ),
  ).toBeGreaterThan(most - 2);
  await send(
    'teams',
    each((name, index) => ({ team_id: index + 1, name })),
  );
  await send(
    'agents',
    each((name, index) => ({ agent_id: index + 1, name, username: name, team_id: index + 1 })),
  );
  await send(
    'dispositions',
    each((name, index) => ({ code: name, label: name, color: '#c0392b', is_conversion: index % 2 === 0 })),
  );
  await send('dispositions', [{ code: 'x', label: 'x', color: 'red;background:url(https://elsewhere.example/)' }]);
  await send(
    'caller_ids',
    each((name) => ({ cid: name.slice(0, 60), display_name: name })),
  );
  const hour = 3_600_000;
  const at = (index: number) => new Date(Date.now() - (1 + index) * hour).toISOString();
  await send(
    'leads',
    each((name, index) => ({ lead_id: index + 1, campaign_id: index + 1, source: name, created_at: at(index) })),
  );
  await send(
    'calls',
    [0, 1].flatMap((round) =>
      each((name, index) => ({
        call_id: `${round} ${name}`.slice(0, 200),
        campaign_id: index + 1,
        agent_id: index + 1,
        team_id: index + 1,
        lead_id: index + 1,
        caller_id: name.slice(0, 60),
        started_at: at(index + round),
        outcome: 'answered',
        talk_sec: 60,
        disposition_code: name,
      })),
    ),
  );
});

/** Nothing ran, nothing was made of a name, and the page is as wide as its window. */
async function expectHarmless({ page }: Tab): Promise<void> {
  const found = await page.evaluate(`({
    pwned: window.pwned ?? null,
    made: document.querySelectorAll('img, iframe, object, embed, script:not([src]), [onerror], [onload], a[href^="javascript:" i]').length,
    polluted: Object.keys(Object.prototype).length,
    width: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth,
    says: /\\[object|NaN|function \\w*\\(/.test(document.querySelector('main').innerText),
  })`);
  expect(found, page.url()).toEqual({ pwned: null, made: 0, polluted: 0, width: expect.any(Number), says: false });
  expect((found as { width: number }).width, `${page.url()} is wider than its window`).toBeLessThanOrEqual(0);
}

for (const [device, viewport] of Object.entries({
  'a wide screen': { width: 1440, height: 900 },
  'a phone': { width: 390, height: 844 },
})) {
  story(`on ${device} hostile names are texts on every page, and break no layout`, async () => {
    const tab = await (await there.person({ tenant, options: { viewport } })).open();
    tab.page.on('dialog', (dialog) => void dialog.dismiss());
    const { data: reports } = await there.ask('/api/telesales/reports', tenant);
    await tab.at('/?range=7d');
    await expectHarmless(tab);
    for (const { name } of reports) {
      await tab.at(`/reports/${name}?range=7d&compare=none${name === 'abandon-rate' ? '&campaign=1' : ''}`);
      await expectHarmless(tab);
    }
    // The head names the campaign, the team and the agents that are asked for.
    for (let id = 1; id <= 19; id += 3) {
      await tab.at(`/reports/dashboard?range=7d&campaign=${id}&team=${id}&agents=${id},${id + 1}`);
      await expectHarmless(tab);
    }
    await tab.at('/wall?range=7d&campaign=17');
    await expectHarmless(tab);
  });
}

story('each agent, source and disposition is written as it is called', async () => {
  const tab = await (await there.person({ tenant })).open();
  for (const [report, column] of [
    ['agent-performance', 'name'],
    ['lead-source-attribution', 'source'],
    ['disposition-breakdown', 'label'],
    ['calls-by-team', 'team'],
  ] as const) {
    await tab.at(`/reports/${report}?range=7d&compare=none`);
    const asked = tab.requests.filter((request) => request.includes(`/${report}?`)).at(-1);
    const { data } = await there.ask(asked?.slice('GET '.length) ?? '', tenant);
    const text = (await tab.page.locator('main table.numbers').first().textContent()) ?? '';
    expect(data.length).toBeGreaterThan(10);
    for (const row of data) expect(text, report).toContain(String(row[column]));
  }
});

story('in tips, the drawer, lists to choose from, and the palette, too', async () => {
  const tab = await (await there.person({ tenant })).open('/reports/lead-source-attribution?range=7d&compare=none');
  const { page } = tab;
  const numbers = page.locator('table.numbers tbody button.number');
  for (let index = 0; index < (await numbers.count()); index += 7) {
    await numbers.nth(index).click();
    await page.getByRole('dialog').locator('tbody tr').first().waitFor();
    await expectHarmless(tab);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await tab.at('/reports/disposition-breakdown?range=7d');
  for (const row of await page.locator('.bar-row').all()) await row.hover();
  await expectHarmless(tab);

  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('<img');
  await page.getByRole('option').first().waitFor();
  await expectHarmless(tab);
  await page.keyboard.press('Enter');
  await tab.settled();
  await expectHarmless(tab);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('W'.repeat(50));
  await page.getByRole('option').first().waitFor();
  await expectHarmless(tab);
});

story('an address may say anything', async () => {
  const tab = await (await there.person({ tenant })).open();
  tab.allow(/\b4\d\d\b/);
  for (const name of hostile.slice(0, 12)) {
    const text = encodeURIComponent(name);
    await tab.at(
      `/reports/agent-performance?q=${text}&sort=${text}&range=${text}&zone=${text}&compare=${text}&group_by=${text}&measure=${text}&live=${text}&each=${text}&reports=${text}`,
    );
    await expectHarmless(tab);
    await tab.at(`/reports/lead-source-attribution?open=lead-source-attribution:total_leads:source=${text}`);
    await expectHarmless(tab);
  }
  await tab.at('/reports/__proto__');
  await tab.page.getByRole('heading', { name: en.notFound }).waitFor();
});
