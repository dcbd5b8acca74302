import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { askData, askProgress } from '../../src/cli/server/request.ts';
import { toLines } from '../../src/cli/show/faults.ts';
import { BadOptions, InvalidParams, NotFound } from '../../src/errors.ts';
import type { ParamFault } from '../../src/faults.ts';

describe('a fault is told of the option that gave the field', () => {
  test.each<[ParamFault, string]>([
    [{ id: 'required', field: 'date_from' }, '--from is required.'],
    [{ id: 'given_twice', field: 'group_by' }, '--group-by may be given only once.'],
    [{ id: 'not_whole', field: 'campaign_id', least: 1, most: 9 }, '--campaign must be a whole number from 1 to 9.'],
    [{ id: 'not_after', field: 'date_to', other: 'date_from' }, '--to must be after --from.'],
    [
      { id: 'span_too_long', field: 'date_to', other: 'date_from', days: 90 },
      'The --from..--to range may not exceed 90 days.',
    ],
    [
      { id: 'only_with', field: 'team_id', other: 'role', value: 'supervisor' },
      '--team may only be given with --role supervisor.',
    ],
    [{ id: 'not_cursor', field: 'after' }, '--after must be "next" of the page before, as --format json has it.'],
    [{ id: 'not_spelled_so', field: 'country_code', rule: 'It is digits.' }, '--country: It is digits.'],
    [{ id: 'no_tenant', field: 'tenant' }, 'Name the tenant: --tenant N, a whole number from 1.'],
    [{ id: 'lead_not_alone', field: 'lead' }, 'A lead is purged as a whole: give --lead alone.'],
    [{ id: 'nothing_to_purge', field: 'table' }, 'Give --table calls with --from and --to, or --lead ID.'],
    [
      { id: 'not_rules', field: 'health' },
      '--set health: It has rules. Set them one by one, such as --set health.min_dials=20.',
    ],
    [
      { id: 'too_many_rows', field: 'format', most: 100_000 },
      'There are more than 100,000 rows, too many for an Excel file. Take --format csv.',
    ],
    [
      { id: 'not_decimal', field: 'health.warn_rejected_pct', decimals: 2, least: 0, most: 100 },
      '--set health.warn_rejected_pct must be a number with at most 2 decimals from 0 to 100.',
    ],
  ])('%j', (fault, line) => {
    expect(toLines(new InvalidParams([fault]))).toEqual([line]);
  });

  test('each fault has a line, and so has each sentence of the command line’s own', () => {
    const faults: ParamFault[] = [
      { id: 'not_zone', field: 'timezone' },
      { id: 'not_uuid', field: 'import_id' },
    ];
    expect(toLines(new InvalidParams(faults))).toEqual([
      '--timezone must be a TZDB name such as Asia/Ho_Chi_Minh or UTC.',
      '--import-id must be a UUID.',
    ]);
    expect(toLines(new BadOptions('--a is empty.', '--b is full.'))).toEqual(['--a is empty.', '--b is full.']);
    expect(toLines(new NotFound('There is no campaign 99.'))).toEqual(['There is no campaign 99.']);
  });
});

describe('what a server of another version says', () => {
  const sentence = 'The mood must be good.';
  const body = { message: 'The given data was invalid.', code: 'INVALID_PARAMS', errors: { mood: [sentence] } };
  const known = { id: 'required', field: 'date_from' };

  /** A server that refuses whatever it is asked with this body, and says which header it was sent. */
  async function refusing(told: object, status = 422) {
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers['dialtally-faults']);
      response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(told)}\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return { asked, at: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'x' } };
  }

  const cases: [name: string, told: object, lines: string[]][] = [
    ['no faults', body, [`--mood: ${sentence}`]],
    [
      'a fault that is not known here',
      { ...body, faults: [known, { id: 'moody', field: 'mood' }] },
      [`--mood: ${sentence}`],
    ],
    ['faults of another shape', { ...body, faults: { mood: 'bad' } }, [`--mood: ${sentence}`]],
    ['faults that are known', { ...body, faults: [known] }, ['--from is required.']],
  ];

  test.each(cases)('%s', async (_name, told, lines) => {
    const { at, asked } = await refusing(told);
    const error = await askData(at, { path: '/' }).catch((error: unknown) => error);
    expect(toLines(error)).toEqual(lines);
    expect(asked).toEqual(['data']);
  });

  test.each(cases)('%s, at the end of progress', async (_name, told, lines) => {
    const { at } = await refusing({ ...told, status: 422 }, 200);
    const error = await askProgress(at, { path: '/' }, { onLine: () => {}, stopped: '' }).catch(
      (error: unknown) => error,
    );
    expect(toLines(error)).toEqual(lines);
  });
});
