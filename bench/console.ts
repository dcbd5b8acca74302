import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../test/browser.ts';

// npm run build && npm run bench:console [-- URL TOKEN]: the overview of the demo as somebody opens it, with a cold cache on a warm
// server: its requests, its script, and how long until every card has its numbers; then how long the page takes for what people do.
const [givenUrl, givenToken] = process.argv.slice(2);
const opens = 9;
const most = { requests: 12, scriptBytes: 250_000, completeMs: 500, interactionMs: 100 };

// As text: these run in the page.
const isComplete = `document.querySelectorAll('.tiles, .card figure').length >= 6 &&
  !document.querySelector('.mantine-Skeleton-root, [aria-busy="true"]')`;
const isQuiet = `document.querySelector('h1') && !document.querySelector('.mantine-Skeleton-root, [aria-busy="true"]')`;
const isMarked = `document.querySelector('.said') !== null`;

const directory = mkdtempSync(join(tmpdir(), 'dialtally-console-'));
const { url, token, stop } =
  givenUrl && givenToken ? { url: givenUrl, token: givenToken, stop: () => {} } : await serve();
const browser = await launchBrowser();
try {
  const context = await signedIn(browser);
  await openOverview(context);
  const opened = [];
  for (let n = 0; n < opens; n++) opened.push(await openOverview(await signedIn(browser)));
  const last = opened.at(-1);
  const scripts = await scriptBytes(last?.files ?? []);
  const complete = opened.map(({ completeMs }) => completeMs).sort((one, other) => one - other);
  console.log(`requests: ${last?.requests.length} (at most ${most.requests})`);
  for (const request of last?.requests ?? []) console.log(`  ${request}`);
  console.log(`script of the first view: ${scripts} bytes gzipped (at most ${most.scriptBytes})`);
  console.log(`complete after ${complete.map(Math.round).join(', ')} ms (wanted: ${most.completeMs})`);
  console.log(`what people do, in ms until it is painted (wanted: ${most.interactionMs}):`);
  const page = await context.newPage();
  for await (const [name, took] of interactions(page)) console.log(`  ${name}: ${took.map(Math.round).join(', ')}`);
} finally {
  await browser.close();
  stop();
  rmSync(directory, { recursive: true, force: true });
}

/** A server of the built program with the demo, warm when its first answers are there. */
async function serve(): Promise<{ url: string; token: string; stop(): void }> {
  const child = spawn(process.execPath, ['bin/dialtally.js', 'serve', '--demo'], {
    env: { ...process.env, DATA_DIR: directory, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let [its, bearer] = ['', ''];
  for await (const line of createInterface({ input: child.stdout })) {
    its ||= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '';
    bearer ||= /Bearer (dt_[\w-]+)/.exec(line)?.[1] ?? '';
    if (its && bearer) return { url: its, token: bearer, stop: () => child.kill() };
  }
  throw new Error('the server ended before it was there');
}

async function signedIn(its: Browser): Promise<BrowserContext> {
  const context = await its.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', baseURL: url });
  const signed = await context.request.post('/api/telesales/session', {
    headers: { origin: url, authorization: `Bearer ${token}` },
  });
  if (!signed.ok()) throw new Error(`not signed in: ${signed.status()} ${await signed.text()}`);
  return context;
}

/** Opens the overview; the page itself looks, at every frame, whether all is there. */
async function openOverview(context: BrowserContext) {
  const page = await context.newPage();
  const [requests, files]: [string[], string[]] = [[], []];
  page.on('request', (request) => {
    if (request.url().startsWith('data:')) return;
    requests.push(`${request.method()} ${request.url().slice(url.length)}`);
    if (request.resourceType() === 'script') files.push(request.url());
  });
  await page.goto('/');
  const completeMs = (await page.evaluate(whenTrue(isComplete))) as number;
  await page.close();
  return { requests, files, completeMs };
}

/** In the page: milliseconds since it was opened, or since \`from\`, when something is true, at the frame that shows it. */
function whenTrue(condition: string, from = '0'): string {
  return `new Promise((resolve) => {
    const look = () => { if (${condition}) resolve(performance.now() - ${from}); else requestAnimationFrame(look); };
    look();
  })`;
}

async function scriptBytes(files: readonly string[]): Promise<number> {
  let sum = 0;
  for (const file of files) {
    const answer = await fetch(file, { headers: { 'accept-encoding': 'gzip' } });
    sum += Number(answer.headers.get('content-length'));
    await answer.arrayBuffer();
  }
  return sum;
}

/** What people do, and how long it took each time. */
async function* interactions(page: Page): AsyncGenerator<[name: string, took: number[]]> {
  const settled = () => page.evaluate(whenTrue(isQuiet));
  const took = async (event: string, act: () => Promise<void>, condition: string): Promise<number> => {
    await page.evaluate(`void addEventListener('${event}', (e) => { globalThis.began = e.timeStamp; }, { capture: true, once: true });
      globalThis.began = undefined`);
    await act();
    const ms = await page.evaluate(whenTrue(`globalThis.began !== undefined && (${condition})`, 'globalThis.began'));
    return ms as number;
  };

  await page.goto('/');
  await settled();
  const range: number[] = [];
  for (const key of ['d', 'w', 'm', 'w']) {
    const before = page.url();
    range.push(
      await took(
        'keydown',
        () => page.keyboard.press(key),
        `location.href !== ${JSON.stringify(before)} && ${isMarked}`,
      ),
    );
    await settled();
  }
  yield ['another range, until the page says so', range];

  const box = await page.locator('.card figure svg').first().boundingBox();
  const hover: number[] = [];
  for (let n = 1; n <= 6 && box; n++) {
    const [x, y] = [box.x + (box.width * n) / 7, box.y + box.height / 2];
    hover.push(await took('pointermove', () => page.mouse.move(x, y), `document.querySelector('.tip') !== null`));
  }
  yield ['hover over the line', hover];

  await page.goto('/reports/agent-performance');
  await settled();
  const sort: number[] = [];
  for (const n of [1, 2, 3, 4]) {
    const button = page.locator('thead .sort').nth(n);
    const isSorted = `document.querySelectorAll('thead th')[${n}].hasAttribute('aria-sort')`;
    sort.push(await took('click', () => button.click(), isSorted));
  }
  yield ['sort', sort];

  await page.locator('[data-search]').focus();
  const search: number[] = [];
  for (const letter of ['n', 'g', 'u']) {
    const wanted = `document.querySelector('[data-search]').value.endsWith('${letter}')`;
    search.push(await took('input', () => page.keyboard.press(letter), wanted));
  }
  yield ['search', search];

  await page.goto('/reports/agent-performance');
  await settled();
  const drawer = `document.querySelector('[role="dialog"]') !== null`;
  const first = page.locator('tbody button.number').first();
  yield ['open the calls behind a number', [await took('click', () => first.click(), drawer)]];
}
