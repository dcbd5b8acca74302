/** What `dialtally serve --demo` says first: where the server is, and how to get in. */
import { demoTenant } from '../../demo/generator.ts';
import { grouped } from './progress.ts';

/** The way in, for whoever tries the demo. */
export function toWelcome({
  url,
  link,
  token,
  calls,
  tookMs,
}: {
  url: string;
  /** Signs a browser in, once. */
  link: string;
  token: string;
  calls: number;
  tookMs: number;
}) {
  return `
Dialtally is on ${url}
The demo tenant ${demoTenant.tenant_id} is ready (${grouped(calls)} rows of calls taken in, ${(tookMs / 1000).toFixed(1)} s).

Open the console (the link is good once, for ten minutes; "dialtally sign-in" makes another):
  ${link}

A first report by program:
  curl -H 'Authorization: Bearer ${token}' \\
    '${url}/api/telesales/reports/dashboard?${lastDays(30)}&timezone=${demoTenant.timezone}'

Ctrl-C stops it.
`;
}

function lastDays(days: number): string {
  const date = (ms: number) => new Intl.DateTimeFormat('sv', { timeZone: demoTenant.timezone }).format(ms);
  const now = Date.now();
  return `date_from=${date(now - days * 86_400_000)}&date_to=${date(now)}`;
}
