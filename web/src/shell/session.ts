/** The session of this browser: how it begins, whether there is one, and where one goes then. */
import { askJson } from '../api/client.ts';

const path = '/api/telesales/session';

/** Signs in with a token, or with what a sign-in link ends in. Throws what the server says. */
export const signIn = (secret: string): Promise<unknown> =>
  askJson(path, { method: 'POST', headers: { authorization: `Bearer ${secret}` } });

/** Whether this browser is signed in. To an address that another site leads to, it comes without saying so. */
export const isSignedIn = async (): Promise<boolean> =>
  (await askJson<{ data: { is_signed_in: boolean } }>(path)).data.is_signed_in;

/** What a sign-in link ends in, at this address. */
export const linkSecret = (): string | undefined => /^#(dl_[\w-]+)$/.exec(location.hash)?.[1];

/** Where to go once signed in: an address of this console, whatever somebody has written there. */
export function landingOf(to: string | undefined): string {
  if (to === undefined || !URL.canParse(to, location.origin)) return '/';
  const { origin, pathname, search } = new URL(to, location.origin);
  return origin === location.origin && !pathname.startsWith('//') ? `${pathname}${search}` : '/';
}
