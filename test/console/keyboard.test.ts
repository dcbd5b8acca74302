import { expect } from 'vitest';
import { en } from '../../web/src/words/en.ts';
import { openConsole, story, type Tab } from './console.ts';

const there = openConsole({ demo: { calls: 4000, days: 40 } });

/** What has the focus, and whether that can be seen. */
const focused = ({ page }: Tab) =>
  page.evaluate(`(() => {
    const element = document.activeElement;
    const isMarked = (one) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
    };
    // A choice is marked at its label; a field at its border.
    const beside = element.tagName === 'INPUT' ? [element.nextElementSibling] : [];
    const within = element.closest('[data-focused], [class*="Input-wrapper"], label');
    const box = element.getBoundingClientRect();
    return {
      name: element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 80),
      tag: element.tagName,
      role: element.getAttribute('role'),
      inDialog: element.closest('[role="dialog"]') !== null,
      isSeen: element !== document.body && (box.width > 0 || element.tagName === 'INPUT') && ([element, ...beside].some((one) => one && isMarked(one)) || within !== null),
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
  const person = await there.stranger();
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
  await expect.poll(() => new URL(page.url()).searchParams.get('open'), { message: number.name }).not.toBeNull();
  const drawer = page.getByRole('dialog');
  await drawer.locator('tbody tr').first().waitFor();
  const list = await tabTo(tab, ({ inDialog, tag }) => inDialog && tag === 'SECTION');
  expect(list.isSeen).toBe(true);
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  // Whoever closes it goes on where they were.
  await expect.poll(async () => (await focused(tab)).name).toBe(number.name);

  await tab.at('/reports/time-series?range=30d');
  await page.locator('figure.picture .hand').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.tip').waitFor();
  const first = await page.locator('.tip').textContent();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.locator('.tip').textContent()).not.toBe(first);
  await page.keyboard.press('Escape');
  await page.locator('.tip').waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('range')).toBe('30d');
});
