import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, missingBrowser as missing } from '../browser.ts';
import { openSite, openTestStore, type Site } from './app.ts';
import { signIn } from './browser.ts';

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

/** Asks for the first report with one click. Gives what the page shows of the answer. */
async function tryDashboard(page: Page, { isOpen = false } = {}): Promise<string | null> {
  if (!isOpen) await page.goto(`${url}/api/docs`);
  const dashboard = page.locator('#operations-Reports-dashboard');
  await dashboard.locator('.opblock-summary').click();
  await dashboard.locator('button.execute').click();
  const answer = dashboard.locator('.live-responses-table .highlight-code').first();
  await answer.waitFor();
  return answer.textContent();
}

test.skipIf(missing)(
  `a report can be tried with one click, by who is signed in and by who has a token${missing ? `: ${missing}` : ''}`,
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
      const page = await (await browser.newContext()).newPage();
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
      // Whoever is signed in to the console tries reports as that.
      const { host } = new URL(url);
      const [name = '', value = ''] = (await signIn(site, token, { host })).split('=');
      await page.context().addCookies([{ name, value, url, httpOnly: true, sameSite: 'Strict' }]);
      expect(await tryDashboard(page)).toContain('"total_dials": 1');

      // Whoever is not, with a token that is pasted.
      const other = await (await browser.newContext()).newPage();
      await other.goto(`${url}/api/docs`);
      await other.locator('.btn.authorize.unlocked').click();
      await other.locator('#auth-bearer-value').fill(token);
      await other.locator('.modal-btn.authorize').first().click();
      await other.locator('.btn-done').first().click();
      expect(await tryDashboard(other, { isOpen: true })).toContain('"total_dials": 1');
      expect(elsewhere).toEqual([]);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
