import { expect } from 'vitest';
import { en } from '../../web/src/words/en.ts';
import { openConsole, story, type Tab } from './console.ts';
import { inEnglish, type ShownColumn, tileOf } from './reading.ts';

const there = openConsole({ demo: { calls: 4000, days: 70 } });

interface Compared {
  data: Record<string, unknown>;
  comparison: {
    window: { from: string };
    rows: {
      previous: Record<string, number | null>;
      change: Record<string, number | null>;
      better: Record<string, boolean | null>;
    }[];
  };
}

/** The answer that a page of a report has asked for last. */
async function answerOf(tab: Tab, report: string): Promise<Compared> {
  const asked = tab.requests.filter((request) => request.includes(`/reports/${report}?`)).at(-1);
  return there.ask<Compared>(asked?.slice('GET '.length) ?? '');
}

async function columnsOf(report: string): Promise<ShownColumn[]> {
  const { data } = await there.ask('/api/telesales/reports');
  return data.find(({ name }) => name === report)?.columns as ShownColumn[];
}

const changeOf = (tab: Tab, label: string) =>
  tab.page
    .locator('dl.tiles > div')
    .filter({ has: tab.page.locator('dt').getByText(label, { exact: true }) })
    .locator('.change');

story(
  'each tile says by how much it changed, against the API’s own comparison: rates in points, colours where better is known',
  async () => {
    const tab = await (await there.person()).open('/reports/dashboard?range=last-week');
    const columns = await columnsOf('dashboard');
    for (const [name, kind] of [
      ['', 'previous'],
      ['previous', 'previous'],
      ['week', 'week'],
      ['year', 'year'],
    ]) {
      await tab.at(`/reports/dashboard?range=last-week${name ? `&compare=${name}` : ''}`);
      const asked = tab.requests.filter((request) => request.includes('/reports/dashboard?')).at(-1);
      expect(new URLSearchParams(asked?.split('?')[1]).get('compare')).toBe(kind);
      const { comparison, data } = await answerOf(tab, 'dashboard');
      const [row] = comparison.rows;
      for (const { name: column, label, unit } of columns) {
        const change = row?.change[column];
        const shown = changeOf(tab, label);
        if (unit !== null && unit !== 'percent' && unit !== 'seconds' && row?.previous[column] === 0 && data[column]) {
          expect(await shown.textContent(), column).toBe(en.isNew);
          continue;
        }
        if (change === null || change === undefined) {
          expect(await shown.count(), column).toBe(0);
          continue;
        }
        const text = ((await shown.textContent()) ?? '').replaceAll(/\s+/g, ' ');
        expect(text.startsWith(change > 0 ? '▲' : change < 0 ? '▼' : '='), `${column}: ${text}`).toBe(true);
        if (unit === 'percent') expect(text).toContain(en.points);
        else if (unit !== 'seconds') expect(text).toMatch(/ %/);
        const tone = { true: 'good', false: 'bad', null: 'neutral' }[String(row?.better[column])];
        expect(await shown.getAttribute('data-tone'), column).toBe(tone);
      }
    }
  },
);

story('the menu chooses the other window, which the head names; two dates may be given in the address', async () => {
  const tab = await (await there.person()).open('/reports/dashboard?range=7d');
  const menu = tab.page.getByRole('button', { name: new RegExp(`^${en.compare}:`) });
  const head = tab.page.locator('.head');
  // The usual one is not written.
  for (const [name, written, label] of [
    ['week', 'week', en.compare_week],
    ['none', 'none', en.compare_none],
    ['previous', null, en.compare_previous],
  ]) {
    await menu.click();
    await tab.page.getByRole('button', { name: label ?? '', exact: true }).click();
    await expect.poll(() => new URL(tab.page.url()).searchParams.get('compare')).toBe(written);
    await tab.settled();
    const says = (await head.textContent()) ?? '';
    expect(says.includes('against')).toBe(name !== 'none');
    expect((await tab.page.locator('.change').count()) > 0).toBe(name !== 'none');
  }
  const today = Date.now();
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const [from, to] = [day(today - 40 * 86_400_000), day(today - 31 * 86_400_000)];
  await tab.at(`/reports/dashboard?range=7d&compare=${from}..${to}`);
  const { comparison } = await answerOf(tab, 'dashboard');
  expect(Date.parse(comparison.window.from)).toBeLessThan(today - 39 * 86_400_000);
  await tab.page.locator('.change').first().waitFor();
});

story('a row that only the other window had is still there, as what it was', async () => {
  const tab = await (await there.person()).open('/reports/agent-performance?range=today&compare=previous');
  const { comparison, data } = (await answerOf(tab, 'agent-performance')) as unknown as {
    data: unknown[];
    comparison: { rows: { named?: unknown }[] };
  };
  const gone = comparison.rows.filter(({ named }) => named !== undefined).length;
  const said = tab.page.locator('table.numbers tbody tr');
  expect(await said.count()).toBe(Math.min(200, data.length + gone));
  expect(await tab.page.locator('table.numbers tr[data-gone]').count()).toBe(gone);
});

story('both windows as long as each other: a rate’s previous value is what that window answers', async () => {
  const tab = await (await there.person()).open('/reports/dashboard?range=last-week&compare=previous');
  const { comparison } = await answerOf(tab, 'dashboard');
  const was = comparison.rows[0]?.previous.answer_rate_pct;
  const shown = changeOf(tab, 'Answer rate');
  expect(await shown.textContent()).toContain(inEnglish(Number(was), 2));
  await tab.page.getByRole('button', { name: en.earlier, exact: true }).click();
  await tab.settled();
  await expect.poll(() => tileOf(tab, 'Answer rate').textContent()).toBe(inEnglish(Number(was), 2));
});
