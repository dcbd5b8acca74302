import axe from 'axe-core';
import { expect } from 'vitest';
import { en } from '../../web/src/words/en.ts';
import { enNames } from '../../web/src/words/names.ts';
import { vi } from '../../web/src/words/vi.ts';
import { openConsole, type Person, story, type Tab } from './console.ts';

const there = openConsole({ demo: { calls: 4000, days: 40 } });

const devices = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong with what a tab shows now. */
async function faultsOf({ page }: Tab): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const found = await page.evaluate(
    `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(tags)} }, resultTypes: ['violations'] })`,
  );
  return (found as axe.AxeResults).violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** By how much the page is wider than its window. */
const tooWide = ({ page }: Tab) =>
  page.evaluate('Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth');

/** The pages that an admin of the demo has. */
async function paths(): Promise<string[]> {
  const { data } = await there.ask('/api/telesales/reports');
  const reports = data.map(({ name }) => `/reports/${name}?range=30d${name === 'abandon-rate' ? '&campaign=1' : ''}`);
  return ['/?range=30d', ...reports, '/start', '/wall?range=30d&campaign=1'];
}

/** Looks at what a tab shows in both themes and on both devices. */
async function look(tab: Tab, at: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const [device, viewport] of Object.entries(devices)) {
    await tab.page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await tab.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await tab.settled();
      wrong.push(...(await faultsOf(tab)).map((fault) => `${at}, ${device}, ${colorScheme}: ${fault}`));
    }
    if (Number(await tooWide(tab)) > 0) wrong.push(`${at}, ${device}: wider than its window`);
  }
  return wrong;
}

story('no page has a fault that axe can find, light or dark, wide or on a phone', async () => {
  const tab = await (await there.person()).open();
  const wrong: string[] = [];
  for (const path of await paths()) {
    await tab.page.setViewportSize(devices.wide);
    await tab.at(path);
    wrong.push(...(await look(tab, path)));
  }
  const stranger = await (await there.stranger()).open('/sign-in');
  wrong.push(...(await look(stranger, '/sign-in')));
  expect([...new Set(wrong)].join('\n\n')).toBe('');
});

story('nor has what opens on them: drawer, menus, lists, palette, keys, tips', async () => {
  const tab = await (await there.person()).open();
  const { page } = tab;
  const wrong: string[] = [];
  const lookAt = async (what: string) => {
    await tab.settled();
    wrong.push(...(await faultsOf(tab)).map((fault) => `${what}: ${fault}`));
  };
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await tab.at('/reports/dashboard?range=30d&open=dashboard:conversions');
    await page.getByRole('dialog').locator('tbody tr').first().waitFor();
    await lookAt(`drawer, ${colorScheme}`);
    await tab.at('/reports/dashboard?range=30d');
    await page.getByRole('button', { name: new RegExp(`^${en.range}:`) }).click();
    await lookAt(`ranges, ${colorScheme}`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: en.export, exact: true }).click();
    await page.getByRole('menu').waitFor();
    await lookAt(`export, ${colorScheme}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await lookAt(`keys, ${colorScheme}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('option').first().waitFor();
    await lookAt(`palette, ${colorScheme}`);
    await page.keyboard.press('Escape');
    await page
      .getByRole('button', { name: new RegExp(`^${en.means}:`) })
      .first()
      .focus();
    await lookAt(`meaning, ${colorScheme}`);
    await tab.at('/reports/hour-dow-heatmap?range=30d');
    await page.locator('figure.picture [data-step]').first().hover();
    await lookAt(`cell, ${colorScheme}`);
    await tab.at('/reports/time-series?range=30d');
    await page.locator('figure.picture svg').first().hover();
    await lookAt(`point, ${colorScheme}`);
  }
  await page.setViewportSize(devices.phone);
  await tab.at('/?range=7d');
  await page.getByRole('button', { name: en.openNavigation }).click();
  await page.getByRole('dialog').waitFor();
  await lookAt('navigation on a phone');
  expect([...new Set(wrong)].join('\n\n')).toBe('');
});

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
  for (const path of await paths()) {
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
  await tab.page.getByRole('button', { name: 'Tiếng Việt' }).click();
  await expect.poll(() => dials.textContent()).toBe(inEnglish?.replace(',', '.'));
  await tab.at('/reports/funnel');
  expect(await tab.page.evaluate('document.documentElement.lang')).toBe('vi');
  await tab.page.getByRole('button', { name: en.language, exact: true }).click();
  await expect.poll(() => tab.page.evaluate('document.documentElement.lang')).toBe('en');
});

story('enlarged to 200 %, and in a window as narrow as 320 pixels, only tables scroll sideways', async () => {
  const tab = await (await there.person()).open();
  const wrong: string[] = [];
  for (const path of await paths()) {
    await tab.page.setViewportSize({ width: 720, height: 450 });
    await tab.at(path);
    for (const width of [720, 320]) {
      await tab.page.setViewportSize({ width, height: 450 });
      await tab.settled();
      const wider = Number(await tooWide(tab));
      if (wider > 0) wrong.push(`${path} at ${width}: ${wider} pixels too wide`);
    }
  }
  expect(wrong).toEqual([]);
});

/** What has the focus, and whether that can be seen. */
const focused = ({ page }: Tab) =>
  page.evaluate(`(() => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(element);
    const hasOutline = outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
    const within = element.closest('[data-focused], .mantine-Input-wrapper, label');
    const box = element.getBoundingClientRect();
    return {
      name: element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 80),
      tag: element.tagName,
      role: element.getAttribute('role'),
      inDialog: element.closest('[role="dialog"]') !== null,
      isSeen: element !== document.body && (hasOutline || boxShadow !== 'none' || within !== null) && box.width > 0,
    };
  })()`) as Promise<{ name: string; tag: string; role: string | null; inDialog: boolean; isSeen: boolean }>;

/** Goes on by Tab until something has the focus, which must be seen on all the way. */
async function tabTo(tab: Tab, isIt: (now: Awaited<ReturnType<typeof focused>>) => boolean, key = 'Tab') {
  const way: string[] = [];
  for (let step = 0; step < 150; step++) {
    await tab.page.keyboard.press(key);
    const now = await focused(tab);
    if (now.tag !== 'BODY') expect(now.isSeen, `the focus on ${now.tag} "${now.name}" can't be seen`).toBe(true);
    if (isIt(now)) return now;
    way.push(`${now.tag} ${now.name}`);
  }
  throw new Error(`never reached by keys: ${way.join(' > ')}`);
}

story('by keyboard alone: from signing in to the calls behind a number, and back', async () => {
  const person: Person = await there.stranger();
  const tab = await person.open('/');
  const { page } = tab;
  await tabTo(tab, ({ tag }) => tag === 'INPUT');
  await page.keyboard.type(await there.token('admin'));
  await page.keyboard.press('Enter');
  await page.locator('dl.tiles').waitFor();
  await tab.settled();

  const dashboard = await tabTo(tab, ({ name }) => name === 'Dashboard');
  expect(dashboard.tag).toBe('A');
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).pathname).toBe('/reports/dashboard');
  await tab.settled();

  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type(en.range_30d);
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).searchParams.get('range')).toBe('30d');
  await tab.settled();

  const number = await tabTo(tab, ({ tag, name }) => tag === 'BUTTON' && /^\d[\d,]*$/.test(name));
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog');
  await drawer.locator('tbody tr').first().waitFor();
  const list = await tabTo(tab, ({ inDialog, tag }) => inDialog && tag === 'SECTION');
  expect(list.isSeen).toBe(true);
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  // Whoever closes it goes on where they were.
  await expect.poll(async () => (await focused(tab)).name).toBe(number.name);

  await tab.at('/reports/time-series?range=30d');
  await page.locator('figure.picture svg').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.tip').waitFor();
  const first = await page.locator('.tip').textContent();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.locator('.tip').textContent()).not.toBe(first);
  await page.keyboard.press('Escape');
  await page.locator('.tip').waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('range')).toBe('30d');
});

story('who wants no motion gets none', async () => {
  const tab = await (await there.person({ options: { reducedMotion: 'reduce' } })).open('/?range=7d');
  const moving = () =>
    tab.page.evaluate(`[...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationName, animationDuration } = getComputedStyle(element);
      const longest = (text) => Math.max(...text.split(',').map(parseFloat));
      return longest(transitionDuration) > 0.01 || (animationName !== 'none' && longest(animationDuration) > 0.01);
    }).map(({ tagName, className }) => tagName + ' ' + (className.baseVal ?? className)).slice(0, 10)`);
  expect(await moving()).toEqual([]);
  await tab.at('/reports/dashboard?range=7d&open=dashboard:total_dials');
  expect(await moving()).toEqual([]);
});
