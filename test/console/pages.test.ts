import type { Locator } from 'playwright-core';
import { beforeAll, expect, vi } from 'vitest';
import { en } from '../../web/src/words/en.ts';
import { missingBrowser } from '../browser.ts';
import { openConsole, story, type Tab } from './console.ts';
import { inCell, inEnglish, mainTable, readTable, type ShownColumn } from './reading.ts';

vi.setConfig({ testTimeout: 240_000 });

const there = openConsole({ demo: { calls: 6000, days: 60 } });

type Row = Record<string, unknown>;

interface ShownReport {
  name: string;
  title: string;
  columns: ShownColumn[];
  parts: { name: string; rows: string }[];
  parameters: { name: string; is_unused: boolean; required: boolean }[];
  picture: { kind: string; along?: string; values?: string[]; value?: string; limit?: string };
}

let reports: ShownReport[] = [];
beforeAll(async () => {
  if (missingBrowser) return;
  ({ data: reports } = await there.ask<{ data: ShownReport[] }>('/api/telesales/reports'));
});

const zone = 'Asia/Ho_Chi_Minh';
const day = (later: number) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(Date.now() + later * 86_400_000);

/** Questions as addresses have them, and as the API is to be asked. */
const questions: [address: string, asked: Record<string, string>][] = [
  ['range=30d&compare=none', { date_from: day(-29), date_to: day(0), timezone: zone }],
  [
    `range=${day(-20)}..${day(-7)}&campaign=2&compare=none`,
    { date_from: day(-20), date_to: day(-7), timezone: zone, campaign_id: '2' },
  ],
  [
    `range=${day(-30)}..${day(-1)}&team=1&zone=America/New_York&compare=previous`,
    { date_from: day(-30), date_to: day(-1), timezone: 'America/New_York', team_id: '1', compare: 'previous' },
  ],
];

/** The answer to what a page asked last, which must be what its address says. */
async function answerOf(tab: Tab, report: ShownReport, expected: Record<string, string>) {
  const path = tab.requests.filter((request) => request.includes(`/reports/${report.name}?`)).at(-1);
  expect(path, `${report.name} was never asked`).toBeDefined();
  const asked = path?.slice('GET '.length) ?? '';
  const given = new URLSearchParams(asked.split('?')[1]);
  const takes = (name: string) => report.parameters.some((one) => one.name === name && !one.is_unused);
  for (const [name, value] of Object.entries(expected))
    expect(given.get(name), `${report.name}: ${name}`).toBe(takes(name) ? value : null);
  return (await there.ask<{ data: unknown }>(asked)).data;
}

/** A report's own rows, whatever the shape of its answer. */
function rowsOf({ parts }: ShownReport, data: unknown): Row[] {
  if (Array.isArray(data)) return data as Row[];
  const inside = (data as Row)[parts[0]?.name ?? ''];
  if (Array.isArray(inside)) return inside as Row[];
  return [(typeof inside === 'object' && inside !== null ? inside : data) as Row];
}

const sorted = (rows: (string | undefined)[][]) => rows.map((row) => row.join(' | ')).sort();

/** Every row and every number of a page's table is the API's. */
async function expectTable(tab: Tab, report: ShownReport, rows: readonly Row[]): Promise<void> {
  const { heads, rows: seen } = await readTable(mainTable(tab));
  const columns = heads.map((head) => report.columns.find(({ label }) => label === head));
  const checked = columns.flatMap((column, index) =>
    column && rows.every((row) => inCell(column, row[column.name]) !== undefined) ? [{ column, index }] : [],
  );
  const numbers = report.columns.filter(({ unit, kind }) => unit !== null && kind !== 'instant');
  expect(checked.map(({ column }) => column.name)).toEqual(expect.arrayContaining(numbers.map(({ name }) => name)));
  const isThere = new Set(sorted(rows.map((row) => checked.map(({ column }) => inCell(column, row[column.name])))));
  const shown = sorted(seen.map((cells) => checked.map(({ index }) => cells[index])));
  // Those that only the other window had stand among them.
  const gone = await tab.page.locator('table.numbers tr[data-gone]').count();
  expect(shown.filter((row) => isThere.has(row))).toHaveLength(shown.length - gone);
  expect(shown).toHaveLength(rows.length + gone);
}

/** The table that stands for a picture where it can't be seen. */
async function valuesOf(picture: Locator): Promise<string[][]> {
  const { rows } = await readTable(picture.locator('figcaption table'));
  return rows;
}

const plain = (text: string | undefined) => (text ?? '').replaceAll('\u00a0', ' ').replace(/ %$/, '');

/** Every value of a picture is the API's. */
async function expectPicture(place: Locator, report: ShownReport, rows: readonly Row[]): Promise<void> {
  const { kind, along = '', values = [], value = '', limit = '' } = report.picture;
  const columnOf = (name: string) => report.columns.find((column) => column.name === name)!;
  const written = (name: string, row: Row) => inCell(columnOf(name), row[name]) ?? String(row[name]);
  if (kind === 'tiles') {
    const [row = {}] = rows;
    const shown = await place.locator('dl.tiles .large').allTextContents();
    expect(shown.map(plain)).toEqual(report.columns.map(({ name }) => written(name, row)));
    return;
  }
  if (kind === 'table') return;
  const seen = await valuesOf(place.locator('figure.picture').first());
  if (report.name === 'funnel') {
    expect(seen.map((cells) => cells.slice(0, 2))).toEqual(
      rows.map((row) => [String(row.stage), written('count', row)]),
    );
  } else if (kind === 'line') {
    expect(seen.map((cells) => cells[1])).toEqual(rows.map((row) => written(values[0] ?? '', row)));
  } else if (kind === 'bars') {
    const all = rows.map((row) => [String(row[along]), written(values[0] ?? '', row)]);
    expect(sorted(seen.map((cells) => cells.slice(0, 2).map(plain)))).toEqual(sorted(all));
  } else if (kind === 'gauge') {
    const [row = {}] = rows;
    expect(seen[0]?.slice(0, 2).map(plain)).toEqual([
      inEnglish(Number(row[value]), 2),
      inEnglish(Number(row[limit]), Number(row[limit]) % 1 === 0 ? 0 : 2),
    ]);
  } else {
    // A grid: as many cells as there are rows with calls, each with its rate and what it is of.
    const cells = seen
      .slice(0, -1)
      .flatMap((line) => line.slice(1, -1))
      .filter((cell) => /\d/.test(cell));
    const there = rows.filter(({ dials }) => Number(dials) > 0);
    expect(cells).toHaveLength(there.length);
    const said = (row: Row) => `${inEnglish(Number(row[value]), 1)} % of ${inEnglish(Number(row.dials))}`;
    expect(cells.map((cell) => /^[\d.,]+ % of [\d,]*\d/.exec(cell.replaceAll('\u00a0', ' '))?.[0]).sort()).toEqual(
      there.map(said).sort(),
    );
  }
}

for (const [address, asked] of questions) {
  story(
    `each page shows what the API answers to its question: ${address.replace(/\d{4}-\d\d-\d\d/g, 'DATE')}`,
    async () => {
      const tab = await (await there.person()).open();
      for (const report of reports) {
        const isLive = report.parameters.some(({ name, required }) => name === 'campaign_id' && required);
        const campaign = isLive && !asked.campaign_id ? '&campaign=1' : '';
        await tab.at(`/reports/${report.name}?${address}${campaign}`);
        const rows = rowsOf(report, await answerOf(tab, report, asked));
        expect(rows.length, report.name).toBeGreaterThan(0);
        if (report.parts[0]?.rows === 'list') await expectTable(tab, report, rows);
        await expectPicture(tab.page.locator('main'), report, rows);
      }
    },
  );
}

story('the overview shows the same: its tiles, and each of its cards', async () => {
  const tab = await (await there.person()).open();
  for (const [address, asked] of questions.slice(0, 2)) {
    await tab.at(`/?${address}`);
    const dashboard = reports.find(({ name }) => name === 'dashboard')!;
    await expectPicture(tab.page.locator('main'), dashboard, rowsOf(dashboard, await answerOf(tab, dashboard, asked)));
    const cards = tab.page.locator('section.card');
    expect(await cards.count()).toBeGreaterThanOrEqual(5);
    for (const report of reports) {
      const card = cards.filter({ has: tab.page.locator(`a[href^="/reports/${report.name}"]`) });
      if ((await card.count()) === 0) continue;
      const { campaign_id, ...others } = asked;
      const expected = report.name === 'abandon-rate' ? others : asked;
      await expectPicture(card, report, rowsOf(report, await answerOf(tab, report, expected)));
      expect(campaign_id === undefined || campaign_id === '2').toBe(true);
    }
  }
});

story('a table is sorted and searched in the page, and its address says how', async () => {
  const tab = await (await there.person()).open('/reports/agent-performance?range=30d&compare=none&sort=-dials');
  const report = reports.find(({ name }) => name === 'agent-performance')!;
  const rows = rowsOf(report, await answerOf(tab, report, {}));
  const dialsShown = async () => {
    const { heads, rows: seen } = await readTable(mainTable(tab));
    return seen.map((cells) => cells[heads.indexOf('Dials')]);
  };
  const dials = rows.map((row) => Number(row.dials)).sort((one, other) => other - one);
  expect(await dialsShown()).toEqual(dials.map((count) => inEnglish(count)));
  await tab.page.getByRole('button', { name: en.sortBy('Dials') }).click();
  await expect.poll(() => new URL(tab.page.url()).searchParams.get('sort')).toBe('dials');
  expect(await dialsShown()).toEqual(dials.toReversed().map((count) => inEnglish(count)));
  expect(await mainTable(tab).locator('th[aria-sort="ascending"]').count()).toBe(1);

  // Without accents, as people type.
  const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase();
  const wanted = fold(String(rows[0]?.name)).split(' ').at(-1) ?? '';
  await tab.page.getByRole('textbox', { name: en.search }).or(tab.page.locator('[data-search]')).first().fill(wanted);
  await expect.poll(() => new URL(tab.page.url()).searchParams.get('q')).toBe(wanted);
  const found = rows.filter((row) => fold(`${row.name} ${row.username}`).includes(wanted)).length;
  await expect.poll(async () => (await dialsShown()).length).toBe(found);
});

story('what a number means is said on hover and on focus, as the API defines it', async () => {
  const tab = await (await there.person()).open('/reports/dashboard?range=7d');
  const { data: definitions } = await there.ask('/api/telesales/definitions');
  const rate = definitions.find(({ name }) => name === 'answer_rate_pct');
  const mark = tab.page.getByRole('button', { name: `${en.means}: Answer rate` }).first();
  for (const how of ['hover', 'focus'] as const) {
    await mark[how]();
    await tab.page.getByText(String(rate?.formula), { exact: false }).first().waitFor();
    await tab.page.keyboard.press('Escape');
    await tab.page.getByText(String(rate?.formula), { exact: false }).first().waitFor({ state: 'detached' });
    await tab.page.mouse.move(0, 0);
  }
});
