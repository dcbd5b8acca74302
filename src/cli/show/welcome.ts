import type { TokenRecord } from '../../access/tokens.ts';
import { demoTenant } from '../../demo/generator.ts';
import { makeDemo } from '../files/demo-tenant.ts';
import type { Door } from '../server/door.ts';
import { askData } from '../server/request.ts';
import { print } from './print.ts';
import { grouped } from './progress.ts';

/** Makes or tops up the demo tenant of a running server, and prints the way in. */
export async function welcome(door: Door): Promise<void> {
  const startedAt = Date.now();
  const demo = await makeDemo(door);
  const { token } = await askData<TokenRecord & { token: string }>(door, {
    method: 'POST',
    path: '/api/telesales/tokens',
    tenant: demoTenant.tenant_id,
    json: { role: 'admin', expires: '30d' },
  });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  print(`
Dialtally is on ${door.url}
The demo tenant ${demoTenant.tenant_id} is ready (${grouped(demo.calls)} rows of calls taken in, ${seconds} s).

Sign in (30 days):
  ${door.url}/api/docs#token=${token}

A first report:
  curl -H 'Authorization: Bearer ${token}' \\
    '${door.url}/api/telesales/reports/dashboard?${lastDays(30)}&timezone=${demoTenant.timezone}'

Ctrl-C stops it.
`);
}

function lastDays(days: number): string {
  const date = (ms: number) => new Intl.DateTimeFormat('sv', { timeZone: demoTenant.timezone }).format(ms);
  const now = Date.now();
  return `date_from=${date(now - days * 86_400_000)}&date_to=${date(now)}`;
}
