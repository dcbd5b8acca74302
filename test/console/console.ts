/** The console in a real browser: a server with the demo, people who are signed in, and tabs that complain of whatever is wrong. */
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Role } from '../../src/access/roles.ts';
import { makeDemo } from '../../src/cli/files/demo-tenant.ts';
import { launchBrowser, missingBrowser } from '../browser.ts';
import { type Asker, localKey, openSite, openTestStore, type Site, type SiteOptions } from '../http/app.ts';

/** The tenant of the demo. */
export const demoTenant = 9;

/** What a browser shows, and whatever went wrong in it. */
export interface Tab {
  page: Page;
  /** Opens an address of the console, and waits until all of it is there. */
  at(path: string): Promise<void>;
  /** Waits until nothing is on its way any more. */
  settled(): Promise<void>;
  /** What is behind the host in the address now. */
  address(): string;
  /** From now on, what matches this is no complaint: the story is about it. */
  allow(...patterns: RegExp[]): void;
  /** Every request so far, as method and path; those for files of the page, too. */
  requests: string[];
}

/** Somebody with a browser of their own. */
export interface Person {
  context: BrowserContext;
  open(path?: string): Promise<Tab>;
}

/** How somebody comes to the console. */
export interface Coming extends Asker {
  role?: Role;
  options?: BrowserContextOptions;
}

/** A server and a browser for the stories of one file. */
export interface Console {
  readonly site: Site;
  readonly url: string;
  readonly browser: Browser;
  /** A token of the demo's tenant, or of another one. */
  token(role: Role, asker?: Asker): Promise<string>;
  /** Somebody who is signed in. */
  person(coming?: Coming): Promise<Person>;
  /** Somebody who is not. */
  stranger(options?: BrowserContextOptions): Promise<Person>;
  /** What the API answers to an admin of a tenant. */
  ask<Answer = { data: Record<string, unknown>[] }>(path: string, tenant?: number): Promise<Answer>;
}

/** What the server has. */
export interface ConsoleOptions extends SiteOptions {
  /** How many calls of the demo, and in how many days until now; none: the tenants are empty. */
  demo?: { calls: number; days: number };
  /** Before the server is built. */
  before?: () => Promise<void>;
}

/** Tells a story in a browser; where there is none, it is skipped, and its title says why. */
export function story(title: string, tell: () => Promise<void>): void {
  test.skipIf(missingBrowser !== undefined)(missingBrowser ? `${title}: ${missingBrowser}` : title, tell);
}

const wide = { viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'Asia/Ho_Chi_Minh' };

/** What was wrong in any tab, in a sentence each. */
const complaints: string[] = [];

/** Opens a server and a browser before the stories of a file, and holds every tab to being without a complaint. */
export function openConsole({ demo, before, ...options }: ConsoleOptions = {}): Console {
  let opened: Awaited<ReturnType<typeof openTestStore>> | undefined;
  let site: Site | undefined;
  let browser: Browser | undefined;
  let url = '';
  const contexts: BrowserContext[] = [];
  const there = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('a console opens before the first story');
    return part;
  };

  beforeAll(async () => {
    if (missingBrowser) return;
    await before?.();
    opened = await openTestStore();
    site = await openSite(opened.store, opened.directory, options);
    url = await site.app.listen({ host: '127.0.0.1', port: 0 });
    browser = await launchBrowser();
    if (!demo) return;
    const door = { url, token: localKey, where: 'here' as const, dataDir: opened.directory, close: async () => {} };
    await makeDemo(door, demo);
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.app.close();
    await opened?.close();
  });

  const stranger = async (its: BrowserContextOptions = {}): Promise<Person> => {
    const context = await there(browser).newContext({ ...wide, baseURL: url, ...its });
    context.setDefaultTimeout(30_000);
    contexts.push(context);
    return {
      context,
      open: async (path) => {
        const tab = await openTab(context, url, (complaint) => void complaints.push(complaint));
        if (path !== undefined) await tab.at(path);
        return tab;
      },
    };
  };
  const token = (role: Role, asker: Asker = {}) => there(site).token(role, { tenant: demoTenant, ...asker });
  const asked = new Map<number, Promise<string>>();

  return {
    get site() {
      return there(site);
    },
    get url() {
      return url;
    },
    get browser() {
      return there(browser);
    },
    token,
    stranger,
    person: async ({ role = 'admin', options: its, ...asker } = {}) => {
      const person = await stranger(its);
      const signed = await person.context.request.post('/api/telesales/session', {
        headers: { origin: url, authorization: `Bearer ${await token(role, asker)}` },
      });
      expect(signed.status()).toBe(201);
      return person;
    },
    ask: async (path, tenant = demoTenant) => {
      const key = asked.get(tenant) ?? token('admin', { tenant });
      asked.set(tenant, key);
      const answer = await there(site).get(path, await key);
      expect(answer.statusCode, answer.body).toBe(200);
      return answer.json();
    },
  };
}

// What a page does not wait for: it never ends.
const isEndless = (url: string) => url.endsWith('/api/telesales/changes');

/** Opens a tab that complains: of errors and warnings, of requests that fail or leave the server, of what its policy forbids. */
export async function openTab(
  context: BrowserContext,
  url: string,
  complain: (complaint: string) => void,
): Promise<Tab> {
  const page = await context.newPage();
  const allowed: RegExp[] = [];
  const requests: string[] = [];
  const open = new Set<Request>();
  const say = (what: string) => {
    if (!allowed.some((pattern) => pattern.test(what))) complain(`${new URL(page.url()).pathname}: ${what}`);
  };
  page.on('console', (said) => {
    if (['error', 'warning'].includes(said.type())) say(`${said.type()}: ${said.text()} ${said.location().url}`);
  });
  page.on('pageerror', (error) => say(`error: ${error.stack ?? error}`));
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith(`${url}/`) && !/^(data|blob):/.test(asked)) say(`left the server: ${asked}`);
    if (asked.startsWith('data:')) return;
    requests.push(`${request.method()} ${asked.slice(url.length)}`);
    if (!isEndless(asked)) open.add(request);
  });
  page.on('requestfinished', (request) => void open.delete(request));
  page.on('requestfailed', (request) => {
    open.delete(request);
    const why = request.failure()?.errorText;
    // Nobody waits any more for what a page that was left had asked; a download is taken over by the browser.
    if (why !== 'net::ERR_ABORTED') say(`failed: ${request.url()} ${why}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) say(`${response.status()}: ${response.url()}`);
  });
  await page.addInitScript({
    content: `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error('forbidden by the policy: ' + violatedDirective + ' ' + blockedURI));`,
  });
  const settled = async () => {
    const isQuiet = async () => open.size === 0 && ((await page.evaluate(isThere)) as boolean) && open.size === 0;
    const until = Date.now() + 60_000;
    // Twice in a row: an answer that came may make the page ask for more.
    for (let quiet = 0; quiet < 2; ) {
      if (Date.now() > until) {
        const busy = await page.evaluate('document.body.innerText.slice(0, 2000)');
        const waits = [...open].map((request) => request.url()).join(' ');
        throw new Error(`${page.url()} is never there; it waits for "${waits}", and shows: ${busy}`);
      }
      quiet = (await isQuiet().catch(() => false)) ? quiet + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    page,
    requests,
    settled,
    at: async (path) => {
      await page.goto(`${url}${path}`);
      await settled();
    },
    address: () => page.url().slice(url.length),
    allow: (...patterns) => void allowed.push(...patterns),
  };
}

/** In the page: it has drawn its heading, and nothing that stands for what is to come; then a frame goes by. */
const isThere = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(
  document.querySelector('h1') !== null &&
  document.querySelector('.mantine-Skeleton-root, [aria-busy="true"], [data-loading="true"]') === null))))`;
