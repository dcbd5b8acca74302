import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Floor, openFloor } from './floor.ts';

let floor: Floor;
let ingest: string;
let admin: string;
beforeAll(async () => {
  floor = await openFloor();
  [ingest, admin] = [await floor.token('ingest'), await floor.token('admin')];
});
afterAll(() => floor.close());

const good = {
  table: 'calls',
  timezone: 'UTC',
  columns: {
    call_id: 'id',
    campaign_id: { value: '7' },
    started_at: 'at',
    outcome: { from: 'r', values: { OK: 'answered' } },
  },
};
const named = (count: number) => Array.from({ length: count }, (_, index) => `column ${index}`);
const mapped = (mapping: unknown, file: string) =>
  floor.send(ingest, '/api/telesales/ingest/mapped?file=x.csv', `${JSON.stringify(mapping)}\n${file}`);
const asking = (method: string, path: string, json: string, token: string) =>
  fetch(`${floor.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: json,
  });

// Of an error's answer, whatever it is about.
const mostBytes = 20_000;

/** Takes what was answered to bad input: refused, in a few kilobytes. */
async function refused(answer: Response, status = 422): Promise<{ code: string; message: string; errors?: object }> {
  const text = await answer.text();
  expect(`${answer.status} ${text.slice(0, 300)}`).toMatch(new RegExp(`^${status} `));
  expect(Buffer.byteLength(text)).toBeLessThan(mostBytes);
  return JSON.parse(text);
}

describe('bad input is answered in a few kilobytes, and stops nobody', () => {
  test('mappings with thousands of faults, headers of thousands of names, records without end', async () => {
    const columns = named(990);
    const header = `${named(40_000).join(',')}\n`;
    const attacks: [mapping: unknown, file: string][] = [
      [
        { ...good, columns: { ...good.columns, cid: { from: columns.map((name) => `${name}?`) } }, file: { columns } },
        'x\n',
      ],
      [
        { ...good, skip: named(400).map((name) => ({ when: { [name]: 'x' }, because: 'x' })) },
        `${columns.join(',')}\n`,
      ],
      [{ ...good, file: { columns: named(60_000) }, count: named(15_000) }, 'x\n'],
      [{ ...good, columns: { ...good.columns, ['x'.repeat(900_000)]: {} } }, 'x\n'],
      [{ ...good, ...Object.fromEntries(named(40_000).map((name) => [name, 1])) }, 'x\n'],
      [good, header],
      [good, `no,at,r,${'x'.repeat(90_000)}\n`.repeat(2)],
      [good, ','.repeat(1_000_000)],
      [good, `${'b","ccc\n'.repeat(120_000)}"x`],
      [good, `id,at,r\n"${'x\n'.repeat(1_000_000)}`],
    ];
    const watched = await floor.during(async () => {
      for (const [mapping, file] of attacks) await refused(await mapped(mapping, file));
      const spaces = `id,at,r\na${'\u3000'.repeat(300_000)}b,2026-06-01,OK\n`;
      expect(await (await mapped(good, spaces)).json()).toMatchObject({ data: { rows_read: 1, refused: 1 } });
      const names = [`a${'\u3000'.repeat(300_000)}b`];
      await refused(await asking('POST', '/api/telesales/ids', JSON.stringify({ kind: 'agent', names }), ingest));
      await refused(await floor.send(ingest, '/api/telesales/ingest/calls?format=csv', header));
      const twice = `call_id,campaign_id,started_at,outcome,${named(200)
        .flatMap((name) => [name, name])
        .join(',')}\n`;
      await refused(await floor.send(ingest, '/api/telesales/ingest/calls?format=csv', twice));
    });
    expect(watched.failed).toEqual([]);
    expect(watched.slow).toBeLessThanOrEqual(watched.attempts / 10);
    expect(watched.mostMemoryMb).toBeLessThan(1500);
    await floor.revokesTokens();
  });

  test('every field of a body is bad, and there are thousands', async () => {
    const settings = JSON.stringify(Object.fromEntries(named(30_000).map((name) => [name, 'x'])));
    await refused(await asking('PUT', '/api/telesales/settings', settings, admin));
    const long = JSON.stringify({ health: Object.fromEntries(named(150).map((name) => [name.repeat(40), 'x'])) });
    await refused(await asking('PUT', '/api/telesales/settings', long, admin));
    await refused(await fetch(`${floor.url}/${'x'.repeat(12_000)}`), 404);
  });
});

describe('half a character is no text: JSON can write it, and no door takes it', () => {
  test.each([
    ['PUT', '/api/telesales/sync-state', '{"source":"a","state":"x\\ud800","revision":0}', 'state'],
    ['PUT', '/api/telesales/sync-state', '{"source":"a\\udc00","state":"x","revision":0}', 'source'],
    ['POST', '/api/telesales/ids', '{"kind":"agent","names":["Ann","B\\ud83d"]}', 'names'],
    ['POST', '/api/telesales/ids/phone', '{"phone":"84901234567\\ud800"}', 'phone'],
    ['POST', '/api/telesales/webhooks', '{"url":"https://example.com/\\udfff"}', 'url'],
    ['PUT', '/api/telesales/settings', '{"health":{"\\ud800":1}}', 'health'],
    ['POST', '/api/telesales/tokens', '{"role":"agent","\\ud800":1}', 'body'],
    ['POST', '/api/telesales/tokens', '"\\ud800"', 'body'],
  ])('%s %s %s', async (method, path, json, field) => {
    const told = await refused(await asking(method, path, json, path.includes('/ingest') ? ingest : admin));
    expect(told.code).toBe('INVALID_PARAMS');
    expect(Object.keys(told.errors ?? {})).toEqual([field]);
    expect(told.errors).toMatchObject({ [field]: [expect.stringContaining('half a character')] });
  });

  test('nor bytes that are not UTF-8, which would be kept as something else', async () => {
    const body = Buffer.concat([Buffer.from('{"kind":"agent","names":["A'), Buffer.from([0xff]), Buffer.from('"]}')]);
    const answer = await fetch(`${floor.url}/api/telesales/ids`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ingest}`, 'content-type': 'application/json' },
      body,
    });
    expect((await refused(answer)).errors).toEqual({ body: ['The body must be JSON in UTF-8.'] });
  });

  test('a pair of halves is one character, as is U+FFFD that was sent as itself', async () => {
    const made = await asking(
      'POST',
      '/api/telesales/ids',
      '{"kind":"team","names":["\\ud83d\\ude00","x\\ufffd"]}',
      ingest,
    );
    expect(await made.json()).toMatchObject({ data: [{ name: '\u{1f600}' }, { name: 'x\ufffd' }] });
  });

  test('a row with one is refused, whichever way it comes', async () => {
    const row = '{"team_id":1,"name":"x\\ud800"}';
    for (const [type, body] of [
      ['application/x-ndjson', row],
      ['application/json', `[${row}]`],
    ] as const) {
      const sent = await floor.send(ingest, '/api/telesales/ingest/teams', body, { 'content-type': type });
      expect(await sent.json()).toMatchObject({
        data: { rows_read: 1, taken_in: 0, refused_by: [{ field: '(line)', reason: 'is not valid JSON', rows: 1 }] },
      });
    }
  });

  test('a mapping says where it has one', async () => {
    const places: [broken: string, path: string][] = [
      [JSON.stringify(good).replace('"answered"', '"\\ud800"'), '$.columns.outcome.values.OK'],
      [JSON.stringify(good).replace('"OK"', '"\\ud800"'), '$.columns.outcome.values'],
      [
        JSON.stringify({ ...good, file: { columns: ['id', 'at', 'r', '?'] } }).replace('?', '\\udc00'),
        '$.file.columns[3]',
      ],
    ];
    for (const [broken, path] of places) {
      const told = await refused(await floor.send(ingest, '/api/telesales/ingest/mapped', `${broken}\nid,at,r\n`));
      expect(told).toMatchObject({
        code: 'BAD_MAPPING',
        errors: { [path]: [expect.stringContaining('half a character')] },
      });
    }
  });
});
