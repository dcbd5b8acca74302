import type { LightMyRequestResponse } from 'fastify';
import { localKey, type Site } from './app.ts';

/** What a browser adds to what a page of ours asks. */
export const ownPage = { 'sec-fetch-site': 'same-origin' };

/** A cookie as a server set it: its name and value, and its terms in small letters. */
export interface SetCookie {
  name: string;
  value: string;
  terms: Map<string, string>;
}

/** The cookies that an answer sets. */
export function cookiesOf({ headers }: Pick<LightMyRequestResponse, 'headers'>): SetCookie[] {
  return [headers['set-cookie'] ?? []].flat().map((line) => {
    const [first = '', ...terms] = line.split('; ');
    const [name = '', value = ''] = first.split('=');
    return { name, value, terms: new Map(terms.map((term) => term.toLowerCase().split('=') as [string, string])) };
  });
}

/** Asks to sign in, with a token or a link's secret. */
export const askToSignIn = (site: Site, secret: string, headers: Record<string, string> = {}) =>
  site.app.inject({
    method: 'POST',
    url: '/api/telesales/session',
    headers: { authorization: `Bearer ${secret}`, ...ownPage, ...headers },
  });

/** Signs a browser in. Gives its cookie as it sends it. */
export async function signIn(site: Site, secret: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await askToSignIn(site, secret, headers);
  const [cookie] = cookiesOf(answer);
  if (answer.statusCode !== 201 || !cookie) throw new Error(`nobody was signed in: ${answer.body}`);
  return `${cookie.name}=${cookie.value}`;
}

/** Makes a link, as an operator would. Gives what it ends in. */
export async function linkFor(site: Site, payload: object, tenant = 1): Promise<string> {
  const made = await site.app.inject({
    method: 'POST',
    url: '/api/telesales/sign-in-links',
    headers: { authorization: `Bearer ${localKey}`, 'dialtally-tenant': String(tenant) },
    payload,
  });
  const { path = '' } = made.json<{ data?: { path: string } }>().data ?? {};
  if (!path.startsWith('/sign-in#dl_')) throw new Error(`no link was made: ${made.body}`);
  return path.slice('/sign-in#'.length);
}
