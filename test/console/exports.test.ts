import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { en } from '../../web/src/words/en.ts';
import { openConsole, story, type Tab } from './console.ts';

const there = openConsole({ demo: { calls: 3000, days: 30 } });

/** What a click on one of the formats brings, and what it asked for. */
async function download(tab: Tab, format: string): Promise<{ name: string; bytes: Buffer; asked: string }> {
  await tab.page.getByRole('button', { name: en.export, exact: true }).first().click();
  const [file] = await Promise.all([
    tab.page.waitForEvent('download'),
    tab.page.getByRole('menuitem', { name: format, exact: true }).click(),
  ]);
  return {
    name: file.suggestedFilename(),
    bytes: await readFile(await file.path()),
    asked: file.url().slice(there.url.length),
  };
}

async function answered(path: string): Promise<Buffer> {
  const answer = await there.site.get(path, await there.token('admin'));
  expect(answer.statusCode).toBe(200);
  return answer.rawPayload;
}

/** The lines of a CSV file; of the names alone, where none has a comma. */
const lines = (file: Buffer) =>
  file
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim()
    .split('\r\n');

story('the files of a page have all rows of its question, whatever is searched and sorted in the page', async () => {
  const tab = await (await there.person()).open(
    '/reports/agent-performance?range=30d&compare=none&team=2&zone=UTC&q=nguyen&sort=-dials',
  );
  await tab.page.getByRole('button', { name: en.export, exact: true }).click();
  await tab.page.getByText(en.exportNotSorted).waitFor();
  await tab.page.keyboard.press('Escape');

  const csv = await download(tab, 'CSV');
  expect(csv.name).toMatch(/^agent-performance.*\.csv$/);
  const { searchParams } = new URL(csv.asked, there.url);
  expect(Object.fromEntries(searchParams)).toMatchObject({ timezone: 'UTC', team_id: '2', format: 'csv' });
  expect(csv.bytes.equals(await answered(csv.asked))).toBe(true);
  const query = new URLSearchParams(searchParams);
  query.delete('format');
  const { data } = await there.ask(`/api/telesales/reports/agent-performance?${query}`);
  expect(data.length).toBeGreaterThan(1);
  expect(lines(csv.bytes)).toHaveLength(1 + data.length);

  const excel = await download(tab, 'Excel');
  expect(excel.name).toMatch(/\.xlsx$/);
  expect(excel.bytes.subarray(0, 2).toString()).toBe('PK');
  const csvOfExcel = await answered(excel.asked.replace('format=xlsx', 'format=csv'));
  expect(csvOfExcel.equals(csv.bytes)).toBe(true);
});

story('a file of a comparison has both windows, as the page has', async () => {
  const tab = await (await there.person()).open('/reports/calls-by-team?range=last-week&compare=previous');
  const csv = await download(tab, 'CSV');
  expect(csv.bytes.equals(await answered(csv.asked))).toBe(true);
  expect(new URL(csv.asked, there.url).searchParams.get('compare')).toBe('previous');
});

story('the calls behind a number as a file: as many as the number says', async () => {
  const tab = await (await there.person()).open('/reports/dashboard?range=30d&open=dashboard:total_answers');
  const drawer = tab.page.getByRole('dialog');
  await drawer.locator('tbody tr').first().waitFor();
  await drawer.getByRole('button', { name: en.export, exact: true }).click();
  const [file] = await Promise.all([
    tab.page.waitForEvent('download'),
    tab.page.getByRole('menuitem', { name: 'NDJSON', exact: true }).click(),
  ]);
  const rows = (await readFile(await file.path(), 'utf8')).trim().split('\n');
  const asked = new URL(file.url()).searchParams;
  const query = new URLSearchParams([...asked].filter(([name]) => !['format', 'column'].includes(name)));
  const { data } = await there.ask<{ data: { total_answers: number } }>(`/api/telesales/reports/dashboard?${query}`);
  expect(rows).toHaveLength(data.total_answers);
});
