import { expect } from 'vitest';
import { en } from '../../web/src/words/en.ts';
import { talk } from '../http/app.ts';
import { openConsole, story } from './console.ts';
import { expectTile } from './reading.ts';

const there = openConsole();

const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const calls = (...lines: string[]) => ['call_id,campaign_id,started_at,outcome,talk_sec,mood', ...lines, ''].join('\n');

/** A file as a person takes one. */
const file = (name: string, content: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });

story('an empty tenant is led to its first numbers: a file, what became of each row, the overview', async () => {
  const tab = await (await there.person({ tenant: 2 })).open('/');
  await tab.page.getByText(en.emptyTenant).first().waitFor();
  await tab.page.locator('main').getByRole('link', { name: en.firstSteps }).click();
  await expect.poll(() => new URL(tab.page.url()).pathname).toBe('/start');

  const content = calls(
    `a,1,${ago(1)},answered,60,happy`,
    `b,1,${ago(1)},no_answer,,`,
    `c,1,yesterday,answered,5,`,
    `d,1,${ago(2)},lost,5,`,
  );
  await tab.page.locator('input[type=file]').first().setInputFiles(file('Anrufe.csv', content));
  // What is in it is guessed by its columns.
  await expect.poll(() => tab.page.getByLabel(en.stepsTable).first().inputValue()).toContain('calls');
  await tab.page
    .locator('main')
    .getByRole('button', { name: en.stepsSend(1), exact: true })
    .click();
  const result = tab.page.locator('.reconciled');
  await result.waitFor();
  const said = ((await result.textContent()) ?? '').replaceAll(/\s+/g, ' ');
  expect(said).toMatch(/Rows read:? ?4/);
  expect(said).toMatch(/Taken in:? ?2/);
  expect(said).toMatch(/Refused:? ?2/);
  expect(said).toContain('mood');
  expect(said).toContain('started_at');
  expect(said).toContain('outcome');

  await tab.page.locator('main').getByRole('link', { name: en.stepsDone }).click();
  await expectTile(tab, 'Dials', '2');
});

story('a file may be dropped into the page; the same one again changes nothing', async () => {
  const tab = await (await there.person({ tenant: 3 })).open('/start');
  for (let time = 0; time < 2; time++) {
    const transfer = await tab.page.evaluateHandle(
      `(() => { const transfer = new DataTransfer();
        transfer.items.add(new File([${JSON.stringify(calls(`a,1,${ago(1).slice(0, 10)}T05:00:00Z,answered,60,`))}], 'calls.csv', { type: 'text/csv' }));
        return transfer; })()`,
    );
    const place = tab.page.locator('.drop').first();
    for (const event of ['dragenter', 'dragover', 'drop']) await place.dispatchEvent(event, { dataTransfer: transfer });
    await tab.page
      .locator('main')
      .getByRole('button', { name: en.stepsSend(1), exact: true })
      .click();
    await tab.page
      .locator('.reconciled')
      .filter({ hasText: /Taken in:?\s*1/ })
      .nth(time)
      .waitFor();
  }
  await tab.at('/');
  await expectTile(tab, 'Dials', '1');
});

story('a file that is none is refused in the API’s words', async () => {
  const tab = await (await there.person({ tenant: 4 })).open('/start');
  tab.allow(/\b4\d\d\b/);
  await tab.page.locator('input[type=file]').first().setInputFiles(file('calls.csv', 'a,b\n"1\n'));
  await tab.page
    .locator('main')
    .getByRole('button', { name: en.stepsSend(1), exact: true })
    .click();
  await tab.page.getByRole('alert').or(tab.page.locator('.reconciled')).first().waitFor();
});

story('a window without calls: a button to the ones that there are', async () => {
  await there.site.ingest('calls', [talk({ campaign_id: 1, started_at: ago(50) })], 5);
  const person = await there.person({ tenant: 5, role: 'read_only' });
  for (const path of ['/', '/reports/time-series', '/reports/agent-performance']) {
    const tab = await person.open(path);
    const heading = tab.page.getByText(en.emptyWindow).first();
    await heading.waitFor();
    await tab.page
      .locator('main')
      .getByRole('button', { name: new RegExp(en.showThatDay('').trim()) })
      .click();
    await heading.waitFor({ state: 'detached' });
    expect(tab.page.url()).toContain('range=');
    await tab.page.close();
  }
});

story('every page of an empty tenant says what to do, and none is broken', async () => {
  const person = await there.person({ tenant: 6 });
  const tab = await person.open('/');
  const { data: reports } = await there.ask('/api/telesales/reports', 6);
  for (const { name } of reports) {
    await tab.at(`/reports/${name}`);
    expect(await tab.page.getByRole('alert').count(), String(name)).toBe(0);
    expect(await tab.page.getByText(/NaN|undefined|Infinity|\[object/).count(), String(name)).toBe(0);
  }
  await tab.at('/wall');
  expect(await tab.page.getByText(/NaN|undefined|Infinity|\[object/).count()).toBe(0);
});

story('who may not bring data in reads whom to ask, and has no button that would be refused', async () => {
  const tab = await (await there.person({ tenant: 7, role: 'supervisor' })).open('/');
  await tab.page.getByText(en.emptyTenant).first().waitFor();
  expect(await tab.page.getByRole('link', { name: en.firstSteps }).count()).toBe(0);
  await tab.at('/start');
  expect(await tab.page.locator('input[type=file]').count()).toBe(0);
});
