import './planted.ts';

import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { en } from '../../web/src/words/en.ts';
import { openConsole, story } from './console.ts';
import { inCell, inEnglish, mainTable, readTable, type ShownColumn } from './reading.ts';

const there = openConsole({ demo: { calls: 2000, days: 30 } });

story(
  'a report that is only declared has a page: filter bar, picture, table, the calls behind its numbers, files',
  async () => {
    const tab = await (await there.person()).open('/?range=30d');
    await tab.page.getByRole('navigation').getByRole('link', { name: 'Ends <b>of</b> calls' }).click();
    await expect.poll(() => new URL(tab.page.url()).pathname).toBe('/reports/calls-by-outcome');
    await tab.settled();
    const asked = tab.requests.filter((request) => request.includes('/calls-by-outcome?')).at(-1);
    const { data } = await there.ask(asked?.slice('GET '.length) ?? '');
    const { data: catalogue } = await there.ask('/api/telesales/reports');
    const columns = catalogue.find(({ name }) => name === 'calls-by-outcome')?.columns as ShownColumn[];
    expect(data.length).toBeGreaterThan(2);

    const table = await readTable(mainTable(tab));
    const gone = table.rows.slice(data.length);
    expect(table.rows).toEqual([
      ...data.map((row) => columns.map((column) => inCell(column, row[column.name]))),
      ...gone,
    ]);
    expect(await tab.page.locator('figure.picture').count()).toBe(1);
    expect(await tab.page.locator('.bar-row').count()).toBeGreaterThanOrEqual(data.length);

    const number = tab.page.locator('table.numbers tbody tr').first().locator('button.number').first();
    expect(await number.textContent()).toBe(inEnglish(Number(data[0]?.dials)));
    await number.click();
    await tab.page.getByRole('dialog').locator('tbody tr').first().waitFor();
    await tab.page.keyboard.press('Escape');
    await tab.page.getByRole('dialog').waitFor({ state: 'detached' });

    await tab.page.getByRole('button', { name: en.export, exact: true }).click();
    const [file] = await Promise.all([
      tab.page.waitForEvent('download'),
      tab.page.getByRole('menuitem', { name: 'NDJSON', exact: true }).click(),
    ]);
    const rows = (await readFile(await file.path(), 'utf8')).trim().split('\n');
    expect(rows.length).toBeGreaterThanOrEqual(data.length);

    await tab.page.keyboard.press('w');
    await expect.poll(() => new URL(tab.page.url()).searchParams.get('range') ?? '7d').toBe('7d');
    await tab.settled();
  },
);

story('other kinds of picture and the wall show it too', async () => {
  const tab = await (await there.person({ options: { locale: 'vi-VN' } })).open(
    '/reports/calls-by-outcome-line?range=30d',
  );
  await tab.page.locator('figure.picture svg').first().waitFor();
  await tab.at('/reports/calls-by-outcome-table?range=30d');
  expect(await mainTable(tab).locator('tbody tr').count()).toBeGreaterThan(2);
  expect(await tab.page.locator('figure.picture').count()).toBe(0);
  await tab.at('/wall?reports=calls-by-outcome&range=30d');
});
