import axe from 'axe-core';
import { expect, vi } from 'vitest';
import { en } from '../../web/src/words/en.ts';
import { openConsole, story, type Tab } from './console.ts';
import { pathsOf, tooWide } from './places.ts';

vi.setConfig({ testTimeout: 300_000 });

const there = openConsole({ demo: { calls: 4000, days: 40 } });

const devices = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong with what a tab shows now; or only whether it can be read, which another theme changes. */
async function faultsOf({ page }: Tab, what: 'all' | 'colors' = 'all'): Promise<string[]> {
  const runOnly = what === 'all' ? { type: 'tag', values: tags } : { type: 'rule', values: ['color-contrast'] };
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const found = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(runOnly)}, resultTypes: ['violations'] })`,
  );
  return (found as axe.AxeResults).violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Looks at what a tab shows in both themes and on both devices. */
async function look(tab: Tab, at: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const [device, viewport] of Object.entries(devices)) {
    await tab.page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await tab.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await tab.settled();
      wrong.push(
        ...(await faultsOf(tab, colorScheme === 'light' ? 'all' : 'colors')).map(
          (fault) => `${at}, ${device}, ${colorScheme}: ${fault}`,
        ),
      );
    }
    if ((await tooWide(tab)) > 0) wrong.push(`${at}, ${device}: wider than its window`);
  }
  return wrong;
}

story('no page has a fault that axe can find, light or dark, wide or on a phone', async () => {
  const tab = await (await there.person()).open();
  const wrong: string[] = [];
  for (const path of await pathsOf(there)) {
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
    await page.getByRole('menu').waitFor({ state: 'detached' });
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
    await page.locator('figure.picture .hand').first().hover();
    await lookAt(`point, ${colorScheme}`);
  }
  await page.setViewportSize(devices.phone);
  await tab.at('/?range=7d');
  await page.getByRole('button', { name: en.openNavigation }).click();
  await page.getByRole('dialog').waitFor();
  await lookAt('navigation on a phone');
  expect([...new Set(wrong)].join('\n\n')).toBe('');
});

story('enlarged to 200 %, and in a window as narrow as 320 pixels, only tables scroll sideways', async () => {
  const tab = await (await there.person()).open();
  const wrong: string[] = [];
  for (const path of await pathsOf(there)) {
    await tab.page.setViewportSize({ width: 720, height: 450 });
    await tab.at(path);
    for (const width of [720, 320]) {
      await tab.page.setViewportSize({ width, height: 450 });
      await tab.settled();
      const wider = await tooWide(tab);
      if (wider > 0) wrong.push(`${path} at ${width}: ${wider} pixels too wide`);
    }
  }
  expect(wrong).toEqual([]);
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
