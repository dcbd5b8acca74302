import { expect, vi as vitest } from 'vitest';
import { en } from '../../web/src/words/en.ts';
import { enNames } from '../../web/src/words/names.ts';
import { vi } from '../../web/src/words/vi.ts';
import { openConsole, story, type Tab } from './console.ts';
import { pathsOf, tooWide } from './places.ts';

vitest.setConfig({ testTimeout: 240_000 });

const there = openConsole({ demo: { calls: 4000, days: 40 } });

/** Every text that a page shows or says to a screen reader. */
const texts = ({ page }: Tab) =>
  page.evaluate(`[...document.querySelectorAll('body *')].flatMap((element) => [
    ...[...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data.trim()),
    ...['aria-label', 'title', 'placeholder', 'alt'].map((name) => element.getAttribute(name)?.trim() ?? ''),
  ]).filter((text) => text !== '')`) as Promise<string[]>;

story('in Vietnamese nothing of the console’s own words is English, and no page is wider than its window', async () => {
  const english = new Set<string>([
    ...Object.entries(en).flatMap(([key, word]) =>
      typeof word === 'string' && word !== vi[key as keyof typeof vi] ? [word] : [],
    ),
    ...Object.values(enNames.reports).flatMap(({ title, question }) => [title, question]),
  ]);
  const vietnamese = new Set<unknown>(Object.values(vi));
  // The button that leads there is named in its own language.
  for (const same of [en.language, ...[...english].filter((word) => vietnamese.has(word))]) english.delete(same);
  const { data: reports } = await there.ask('/api/telesales/reports');
  const labels = reports.flatMap(({ columns }) => (columns as { label: string }[]).map(({ label }) => label));
  const person = await there.person({ options: { locale: 'vi-VN' } });
  const tab = await person.open();
  const left: string[] = [];
  for (const path of await pathsOf(there)) {
    await tab.at(path);
    expect(await tab.page.evaluate('document.documentElement.lang')).toBe('vi');
    const shown = await texts(tab);
    left.push(...shown.filter((text) => english.has(text)).map((text) => `${path}: ${text}`));
    left.push(
      ...shown.filter((text) => labels.includes(text) && !vietnamese.has(text)).map((text) => `${path}: ${text}`),
    );
    expect(await tooWide(tab), path).toBeLessThanOrEqual(0);
  }
  await tab.at('/');
  await tab.page.keyboard.press('?');
  await tab.page.getByRole('dialog').waitFor();
  left.push(...(await texts(tab)).filter((text) => english.has(text)).map((text) => `keys: ${text}`));
  // Names that are the same in both languages are nobody's oversight.
  const shared = /^(API|AHT|Dialtally|PDPL.*|Lead|Demo)$/;
  expect([...new Set(left.filter((text) => !shared.test(text.replace(/^[^:]*: /, ''))))]).toEqual([]);
});

story('numbers, dates and the language itself change by a button, and stay changed', async () => {
  const person = await there.person();
  const tab = await person.open('/reports/dashboard?range=30d');
  const dials = tab.page.locator('dl.tiles .large').first();
  const inEnglish = await dials.textContent();
  expect(inEnglish).toMatch(/^\d,\d{3}$/);
  const settings = (name: string) => tab.page.getByRole('button', { name: new RegExp(`${name}$`) });
  await settings(en.settings).click();
  await tab.page.getByText(vi.language, { exact: true }).click();
  await expect.poll(() => dials.textContent()).toBe(inEnglish?.replace(',', '.'));
  await tab.at('/reports/funnel');
  expect(await tab.page.evaluate('document.documentElement.lang')).toBe('vi');
  await settings(vi.settings).click();
  await tab.page.getByText(en.language, { exact: true }).click();
  await expect.poll(() => tab.page.evaluate('document.documentElement.lang')).toBe('en');
});
