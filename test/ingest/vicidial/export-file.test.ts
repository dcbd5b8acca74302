import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { dialtally, emptyDirectory } from '../../cli/command-line.ts';
import { phoneOf } from './floor.ts';

vi.setConfig({ testTimeout: 900_000 });

const header =
  'call_date phone_number_dialed status user full_name campaign_id vendor_lead_code source_id list_id gmt_offset_now phone_code phone_number title first_name middle_initial last_name address1 address2 address3 city state province postal_code country_code gender date_of_birth alt_phone email security_phrase comments length_in_sec user_group alt_dial rank owner lead_id list_name list_description status_name'.split(
    ' ',
  );
const extended = ['wrapup_time', 'queue_time', 'uniqueid', 'caller_code', 'server_ip', 'hangup_cause', 'dialstatus'];

/** A line of an export, with everything of the customer that such a line has. */
function line(fields: Record<string, string | number>, columns = header): string {
  const lead = Number(fields.lead_id);
  const all: Record<string, string | number> = {
    phone_number_dialed: phoneOf(lead),
    phone_number: phoneOf(lead),
    alt_phone: phoneOf(lead),
    first_name: 'Robert "Bob',
    list_id: 101,
    campaign_id: 'TELE',
    user_group: 'NORTH',
    alt_dial: 'MAIN',
    length_in_sec: 0,
    ...fields,
  };
  return columns.map((column) => all[column] ?? '').join('\t');
}

const sale = {
  call_date: '2024-11-03 09:00:00',
  status: 'SALE',
  user: '1001',
  full_name: 'Đỗ "Tí" Văn Thành',
  lead_id: 7,
  length_in_sec: 95,
  status_name: 'Sale Made',
};
const missed = {
  call_date: '2024-11-03 09:01:00',
  status: 'NA',
  user: 'VDAD',
  full_name: 'Outbound Auto Dial',
  lead_id: 8,
  status_name: 'No Answer AutoDial',
};
const window = ['--from', '2024-11-03', '--to', '2024-11-03', '--timezone', 'America/New_York', '--format', 'json'];

async function takeIn(content: string | Buffer, ...more: string[]) {
  const dataDir = emptyDirectory();
  const file = join(dataDir, 'export.txt');
  writeFileSync(file, content);
  const zone = ['--source-timezone', 'America/New_York'];
  const args = ['sync', 'vicidial', '--export', file, ...zone, '--tenant', '1', '--data-dir', dataDir, ...more];
  const told = await dialtally(...args);
  const ask = async (report: string) =>
    JSON.parse((await dialtally('report', report, '--tenant', '1', ...window, '--data-dir', dataDir)).out).data;
  return { told, ask, again: () => dialtally(...args) };
}

test('a standard export without a header: calls, their agents and statuses, twice the same as once', async () => {
  const content = [
    '\ufeff',
    line(sale),
    '\r\n',
    line(missed),
    '\r\n',
    line({ ...missed, status: 'DROP', lead_id: 9 }),
    '\r\n\r\n',
  ].join('');
  const { told, ask, again } = await takeIn(content);
  expect(told).toMatchObject({ code: 0, err: '' });
  expect(told.out).toMatch(/calls +3 +3 +0\n/);
  expect((await again()).code).toBe(0);
  expect(await ask('dashboard')).toMatchObject({
    total_dials: 3,
    total_answers: 2,
    total_talk_time_sec: '95',
    conversions: 1,
  });
  expect(await ask('agent-performance')).toMatchObject([{ name: 'Đỗ "Tí" Văn Thành', dials: 1 }]);
  expect(await ask('disposition-breakdown')).toMatchObject([
    { code: 'DROP', category: 'no_contact', count: 1 },
    { code: 'NA', count: 1 },
    { code: 'SALE', category: 'contact', count: 1 },
  ]);
});

test('with a header its columns may stand anywhere; an extended one has the call\u2019s own id, wrap and the carrier\u2019s word', async () => {
  const columns = [...extended, ...header].sort();
  columns.splice(columns.indexOf('call_date'), 1);
  columns.unshift('call_date');
  const more = { hangup_cause: 16, dialstatus: 'ANSWER' };
  const content = [
    columns.join('\t'),
    line({ ...sale, ...more, uniqueid: '1.1', wrapup_time: 12, queue_time: 5 }, columns),
    // The same customer in the same second.
    line({ ...sale, ...more, uniqueid: '1.2', status: 'ABC', status_name: 'Of our own' }, columns),
    line({ ...missed, uniqueid: '1.3', hangup_cause: 17, dialstatus: 'BUSY' }, columns),
    line({ ...missed, uniqueid: '1.4', status: 'PDROP' }, columns),
  ].join('\n');
  const { told, ask } = await takeIn(content, '--map', 'PDROP=abandoned');
  expect(told.code).toBe(0);
  expect(told.out).toMatch(/busy +1/);
  expect(await ask('dashboard')).toMatchObject({
    total_dials: 4,
    total_answers: 3,
    total_talk_time_sec: '185',
    avg_aht_sec: 99,
  });
});

test('a line that is cut short is refused by its line, without what may have slipped, and no number is told', async () => {
  const content = [
    '',
    line(sale),
    line(missed).split('\t').slice(0, 20).join('\t'),
    line({ ...missed, call_date: 'yesterday' }),
  ].join('\n');
  const { told } = await takeIn(content);
  expect(told.code).toBe(2);
  expect(told.out).toMatch(/calls +3 +1 +2\n/);
  expect(told.out).toContain('line 3: call_id: ');
  expect(told.out).toContain('line 4: ');
  expect(told.out).not.toContain('8490');
});

test('an alternate layout goes in by its header; what is no export is refused as a whole', async () => {
  const piped = [
    'call_date|phone_number_dialed|status|campaign_id|length_in_sec|caller_code',
    '2024-11-03 09:00:00|84907000001|NA|TELE|0|V1',
  ].join('\n');
  const { told } = await takeIn(piped);
  expect(told.out).toMatch(/calls +1 +1 +0\n/);
  const other = await takeIn('call_id,campaign_id\n1,2\n');
  expect(other.told).toMatchObject({ code: 1, err: expect.stringContaining('This is no call export of VICIdial') });
});

test('what is no UTF-8 is refused as a whole; a lone CR or U+2028 ends no line', async () => {
  const names = { ...sale, full_name: 'José Muñoz' };
  const latin = await takeIn(Buffer.from([header.join('\t'), line(names)].join('\n'), 'latin1'));
  expect(latin.told).toMatchObject({ code: 1, out: '', err: expect.stringContaining('no text in UTF-8') });
  const odd = { ...missed, comments: 'one\rtwo\u2028three' };
  const { told } = await takeIn([header.join('\t'), line(odd), line({ ...sale, lead_id: 9 })].join('\r\n'));
  expect(told.out).toMatch(/calls +2 +2 +0\n/);
});

test('users, groups and campaigns that differ in case alone are one, in this file and the next', async () => {
  const content = (lead: number) =>
    [
      line({ ...sale, user: 'jdoe', lead_id: lead }),
      line({ ...sale, user: 'JDOE', user_group: 'north', campaign_id: 'tele', lead_id: lead + 1 }),
      line({ ...sale, user: 'JDoe', user_group: 'North', campaign_id: 'Tele', lead_id: lead + 2 }),
    ].join('\n');
  const { told, ask } = await takeIn(content(71));
  expect(told).toMatchObject({ code: 0, err: '' });
  expect(told.out).toMatch(/campaigns +1 +1 +0\nteams +1 +1 +0\nagents +1 +1 +0\n/);
  expect(await ask('agent-performance')).toMatchObject([{ dials: 3 }]);
});
