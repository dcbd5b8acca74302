import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/sql.ts';
import { openSite, openTestStore, type Site } from './app.ts';

let site: Site;
let directory = '';
let close: () => Promise<void>;

beforeAll(async () => {
  const opened = await openTestStore();
  ({ close, directory } = opened);
  site = await openSite(opened.store, opened.directory, { config: { ingestLimitBytes: 5_000_000 } });
});
afterAll(async () => {
  await site.app.close();
  await close();
});

const mapping = JSON.stringify(
  JSON.parse(readFileSync(new URL('../../examples/mappings/asterisk-cdr-csv.json', import.meta.url), 'utf8')),
);
const line = (id: string, phone: string) =>
  `"OUT","0287","${phone}","dialer","x","a","b","Dial","c","2026-06-01 09:00:00","","2026-06-01 09:01:00",65,60,"ANSWERED","DOCUMENTATION","${id}",""\n`;

const send = (token: string, payload: string | Buffer, query = '', key?: string) =>
  site.app.inject({
    method: 'POST',
    url: `/api/telesales/ingest/mapped${query}`,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    payload,
  });

test('the mapping goes ahead of the file, and the answer says what became of every row', async () => {
  const token = await site.token('ingest');
  const answer = await send(
    token,
    `${mapping}\n${line('1.1', '0912345678')}${line('1.2', '0912345679')}x\n`,
    '?file=Master.csv',
  );
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({
    data: { file: 'Master.csv', rows_read: 3, taken_in: 2, refused: 1, by_outcome: { answered: 2 } },
  });
  expect(answer.body).not.toContain('912345678');
  expect(readdirSync(join(directory, 'uploads'))).toEqual([]);
  const strict = await send(token, `${mapping}\n${line('1.3', '0912345678')}x\n`, '?strict=1');
  expect(strict.json()).toMatchObject({ data: { taken_in: 0, held_back: expect.any(String) } });
});

test('each tenant\u2019s numbers are leads of its own', async () => {
  const leadOf = async (tenant: number) => {
    await send(await site.token('ingest', { tenant }), `${mapping}\n${line('9.9', '0999999999')}`);
    const admin = await site.token('admin', { tenant });
    await send(admin, `${mapping}\n${line('9.8', '0999999999').replace('60,"ANS', '99999,"ANS')}`);
    return admin;
  };
  await leadOf(11);
  await leadOf(12);
  const [found] = await site.store.query(
    sql`SELECT count() AS calls, uniqExact(lead_id) AS leads FROM calls FINAL WHERE tenant_id IN (11, 12)`,
  );
  expect(found).toEqual({ calls: 2, leads: 2 });
});

test('a repetition with the same Idempotency-Key takes nothing in again and answers as the first did', async () => {
  const tenant = 21;
  const token = await site.token('ingest', { tenant });
  const file = `${mapping}\n${line('1.1', '0912345678')}${line('1.1', '0912345678')}x\n`;
  const first = await send(token, file, '', 'one');
  expect(first.json()).toMatchObject({ data: { rows_read: 3, taken_in: 1, merged: 1, refused: 1 } });
  expect(first.headers['idempotent-replayed']).toBeUndefined();
  // Corrected meanwhile: a repetition may not bring the old row back.
  await send(token, `${mapping}\n${line('1.1', '0912345678').replace(',60,"ANS', ',59,"ANS')}`);
  const again = await send(token, file, '', 'one');
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(again.json()).toEqual(first.json());
  const kept = await site.store.query(
    sql`SELECT talk_sec, (SELECT count() FROM refused_rows WHERE tenant_id = {t:UInt64}) AS refused
      FROM calls FINAL WHERE tenant_id = {t:UInt64}`.bind({ t: tenant }),
  );
  expect(kept).toEqual([{ talk_sec: 59, refused: 1 }]);
  const others: [string, string][] = [
    [`${file}y\n`, ''],
    [file.replace('"table"', ' "table"'), ''],
    [file, '?strict=1'],
  ];
  for (const [other, query] of others) {
    const answer = await send(token, other, query, 'one');
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'KEY_REUSED']);
  }
  expect((await send(token, file, '', 'with space')).json().errors).toHaveProperty('Idempotency-Key');
  // What failed took nothing in: its key is free.
  expect((await send(token, `${mapping}\n`, '', 'two')).statusCode).toBe(422);
  expect((await send(token, file, '', 'two')).json()).toMatchObject({ data: { taken_in: 1 } });
  const both = await Promise.all([send(token, file, '', 'three'), send(token, file, '', 'three')]);
  expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
});

test('what can not be taken is told', async () => {
  const token = await site.token('ingest');
  const empty = await send(token, '');
  expect([empty.statusCode, empty.json().code]).toEqual([422, 'BAD_MAPPING']);
  const broken = await send(token, `{"table":"call","columns":{}}\n${line('1.1', '0912345678')}`);
  expect(broken.json()).toMatchObject({
    code: 'BAD_MAPPING',
    errors: { '$.table': [expect.stringContaining('Did you mean "calls"?')] },
  });
  const noFile = await send(token, `${mapping}\n`);
  expect(noFile.json()).toMatchObject({ code: 'UNREADABLE_FILE', message: 'The file is empty.' });
  const large = await send(token, Buffer.concat([Buffer.from(`${mapping}\n`), Buffer.alloc(6_000_000, 'x\n')]));
  expect([large.statusCode, large.json().code]).toEqual([413, 'TOO_LARGE']);
  expect((await send(await site.token('read_only'), `${mapping}\n`)).statusCode).toBe(403);
  expect((await send('nobody', `${mapping}\n`)).statusCode).toBe(401);
  expect(readdirSync(join(directory, 'uploads'))).toEqual([]);
});

test('only the command line of this machine names a file', async () => {
  const post = (token: string, payload: object) =>
    site.app.inject({
      method: 'POST',
      url: '/api/operator/mapped-imports',
      headers: { authorization: `Bearer ${token}`, 'dialtally-tenant': '1' },
      payload,
    });
  expect(
    (await post(await site.token('admin'), { path: '/etc/passwd', mapping: JSON.parse(mapping) })).statusCode,
  ).toBe(403);
  const bad = await post('the-key-of-this-machine', { path: '/etc/passwd', mapping: 7 });
  expect(bad.json()).toMatchObject({ code: 'BAD_MAPPING' });
});
