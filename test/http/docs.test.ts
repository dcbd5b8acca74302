import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, missingBrowser as missing } from '../browser.ts';
import { openSite, openTestStore, type Site } from './app.ts';

// The docs page in a real browser.
let opened: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let url: string;

beforeAll(async () => {
  if (missing) return;
  opened = await openTestStore();
  site = await openSite(opened.store, opened.directory);
  url = await site.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await site?.app.close();
  await opened?.close();
});

test.skipIf(missing)(
  `a link signs in, and a report can be tried with one click${missing ? `: ${missing}` : ''}`,
  async () => {
    const token = await site.token('admin');
    await site.ingest('calls', [
      {
        call_id: 'a',
        campaign_id: 1,
        started_at: new Date(Date.now() - 2 * 86_400_000).toISOString(),
        outcome: 'answered',
      },
    ]);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const elsewhere: string[] = [];
      // What its content security policy forbids, a browser says there.
      const complaints: string[] = [];
      page.on('console', (said) => {
        if (said.type() === 'error' && !said.text().startsWith('Deprecated')) complaints.push(said.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => {
        if (!request.url().startsWith(url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
      });
      await page.goto(`${url}/api/docs#token=${token}`);
      const dashboard = page.locator('#operations-Reports-dashboard');
      await dashboard.locator('.opblock-summary').click();
      expect(page.url()).not.toContain(token);
      await dashboard.locator('button.execute').click();
      const answer = dashboard.locator('.live-responses-table .highlight-code').first();
      await answer.waitFor();
      expect(await answer.textContent()).toContain('"total_dials": 1');
      expect(elsewhere).toEqual([]);
      expect(complaints).toEqual([]);

      // So does a link that is opened where the page is already.
      const other = await (await browser.newContext()).newPage();
      await other.goto(`${url}/api/docs`);
      await other.locator('.btn.authorize.unlocked').waitFor();
      await other.goto(`${url}/api/docs#token=${token}`);
      await other.locator('.btn.authorize.locked').waitFor();
      expect(other.url()).not.toContain(token);
    } finally {
      await browser.close();
    }
  },
);
