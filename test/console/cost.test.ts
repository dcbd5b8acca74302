import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { openConsole, story } from './console.ts';

const there = openConsole({ demo: { calls: 3000, days: 30 } });

const most = { requests: 12, scriptBytes: 250 * 1024 };

story('the overview opens with at most 12 requests, and at most 250 KB of script', async () => {
  const person = await there.person();
  const tab = await person.open();
  const scripts: Promise<Buffer>[] = [];
  tab.page.on('response', (response) => {
    if (/javascript/.test(response.headers()['content-type'] ?? '')) scripts.push(response.body());
  });
  await tab.at('/');
  await tab.page.locator('dl.tiles').waitFor();
  await expect.poll(() => tab.requests.some((request) => request.endsWith('/changes'))).toBe(true);
  const bytes = (await Promise.all(scripts)).reduce((sum, script) => sum + gzipSync(script, { level: 9 }).length, 0);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(most.scriptBytes);
  expect(tab.requests.length, tab.requests.join('\n')).toBeLessThanOrEqual(most.requests);
});

story(
  'what is asked for once is not asked for again: going back is free, and files stay with the browser',
  async () => {
    const tab = await (await there.person()).open('/reports/dashboard?range=7d');
    await tab.page.getByRole('navigation').getByRole('link', { name: 'Funnel' }).click();
    await tab.page.locator('.bars').waitFor();
    await tab.settled();
    const before = tab.requests.length;
    await tab.page.goBack();
    await tab.page.locator('dl.tiles').waitFor();
    await tab.settled();
    expect(tab.requests.slice(before)).toEqual([]);
    const files = await there.site.app.inject({ url: '/' });
    for (const [, path = ''] of files.body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
      const { headers } = await there.site.app.inject({ url: path, headers: { 'accept-encoding': 'gzip' } });
      expect(headers['cache-control'], path).toContain('immutable');
    }
  },
);
