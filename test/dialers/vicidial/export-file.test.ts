import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { askServer, dialtally, emptyDirectory, serveAll } from '../../cli/command-line.ts';
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
const window = 'date_from=2024-11-03&date_to=2024-11-03&timezone=America/New_York';

const { dataDir } = serveAll();
let tenants = 0;

const takeIn = (content: string | Buffer, ...more: string[]) => takeInFor(++tenants, content, ...more);

async function takeInFor(tenant: number, content: string | Buffer, ...more: string[]) {
  const file = join(emptyDirectory(), 'export.txt');
  writeFileSync(file, content);
  const zone = ['--source-timezone', 'America/New_York'];
  const args = ['sync', 'vicidial', '--export', file, ...zone, '--tenant', String(tenant), '--data-dir', dataDir];
  const told = await dialtally(...args, ...more);
  const ask = async (report: string) =>
    (await askServer(dataDir, tenant, `/api/telesales/reports/${report}?${window}`)).data;
  return { told, ask, again: () => dialtally(...args, ...more) };
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
  expect(told.out).toContain('line 3: (line): has 20 fields, not 39');
  expect(told.out).toContain('line 4: call_date: is another text, which is no time');
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

const closer = { status: 'SALE', user: '6002', full_name: 'Closer', campaign_id: 'CLOSERS', status_name: 'Sale Made' };
const transfer = { ...sale, status: 'XFER', user: '6001', full_name: 'Fronter', length_in_sec: 40, lead_id: 11 };
const inGroup = { ...closer, call_date: '2024-11-03 09:00:40', lead_id: 11, length_in_sec: 300, alt_dial: '3.00' };

test('what an in-group goes on with is part of its dial; calls that customers made are left out, and counted', async () => {
  const content = [
    header.join('\t'),
    line(transfer),
    line(missed),
    // A second dial of the same lead, later: the in-group's call is not its.
    line({ ...missed, lead_id: 11, call_date: '2024-11-03 12:00:00' }),
    line(inGroup),
    // And on to a third agent, 59 seconds after the second let go.
    line({
      ...inGroup,
      call_date: '2024-11-03 09:06:39',
      user: '6003',
      length_in_sec: 10,
      alt_dial: '0.00',
      status: 'NI',
    }),
    line({ ...inGroup, lead_id: 12, call_date: '2024-11-03 10:00:00', user_group: 'SOUTH', status: 'NI' }),
    // Too late for a transfer.
    line({ ...inGroup, call_date: '2024-11-03 09:20:00' }),
  ].join('\r\n');
  const { told, ask, again } = await takeIn(content);
  expect(told).toMatchObject({ code: 0, err: '' });
  expect(told.out).toContain('export.txt: 7 rows, 3 calls.\n');
  expect(told.out).toContain('in-groups: 2 rows went on with a dial');
  expect(told.out).toContain('inbound: 2 calls that customers made, left out');
  const expected = { total_dials: 3, total_answers: 1, conversions: 0, total_talk_time_sec: '350', unique_agents: 1 };
  expect(await ask('dashboard')).toMatchObject(expected);
  expect((await again()).code).toBe(0);
  expect(await ask('dashboard')).toMatchObject(expected);
  expect(await ask('agent-performance')).toMatchObject([{ name: 'Fronter', dials: 1, conversions: 0 }]);
  expect(await ask('disposition-breakdown')).toMatchObject([
    { code: 'NA', count: 2 },
    { code: 'NI', count: 1 },
  ]);
});

test('whose a transferred call is can be told; one that nobody dialed by hand is of who took it', async () => {
  const dialer = { ...transfer, user: 'VDAD', full_name: 'Outbound Auto Dial', length_in_sec: 5, lead_id: 13 };
  const dropped = { ...inGroup, user: 'VDCL', status: 'DROP', call_date: '2024-11-03 09:00:05', length_in_sec: 20 };
  const content = [
    line(transfer),
    line({ ...dialer, status: 'NEW' }),
    line({ ...dialer, status: 'NEW', lead_id: 14 }),
    line(inGroup),
    line({ ...inGroup, call_date: '2024-11-03 09:00:05', lead_id: 13, user: '6004', full_name: 'Taker' }),
    line({ ...dropped, lead_id: 14 }),
  ].join('\n');
  const { ask } = await takeIn(content, '--credit', 'closer');
  expect(await ask('dashboard')).toMatchObject({ total_dials: 3, total_answers: 3, conversions: 2 });
  expect(await ask('agent-performance')).toMatchObject([
    { name: 'Closer', dials: 1, conversions: 1 },
    { name: 'Taker', dials: 1, conversions: 1 },
  ]);
});

test('a call that the agents\u2019 log makes two rows of is one, with the wrap-up of both; so is one of two in-groups', async () => {
  const columns = [...header, ...extended];
  const of = (fields: object, wrap: number) =>
    line(
      { ...fields, uniqueid: '1730642400.61', queue_time: 0, wrapup_time: wrap, hangup_cause: 16 } as never,
      columns,
    );
  const content = [
    columns.join('\t'),
    of({ ...sale, user: '6001', length_in_sec: 100 }, 5),
    of({ ...sale, user: '6001', length_in_sec: 100 }, 20),
    line({ ...missed, uniqueid: '1730642460.62', hangup_cause: 17, dialstatus: 'BUSY', queue_time: 0 }, columns),
    // The same channel, hours later by its clock; the agent's own wrap-up is in both rows already.
    of({ ...inGroup, lead_id: 7, user: '6001', call_date: '2024-11-03 11:00:00', queue_time: '3.00' }, 5),
    of({ ...inGroup, lead_id: 7, user: '6001', call_date: '2024-11-03 11:00:00', queue_time: '3.00' }, 20),
  ].join('\r\n');
  const { told, ask } = await takeIn(content);
  expect(told.out).toContain('export.txt: 5 rows, 2 calls.');
  expect(await ask('dashboard')).toMatchObject({ total_dials: 2, total_talk_time_sec: '400', avg_aht_sec: 425 });
});

test('every layout goes in by its own order of columns, with its header and without', async () => {
  const blockA = ['entry_date', 'called_count', 'last_local_call_time', 'modify_date', 'called_since_last_reset'];
  const blockB = [
    ...extended,
    'channel',
    'dial_time',
    'answered_time',
    'cpd_result',
    'did_pattern',
    'did_id',
    'did_description',
  ];
  const [base, names] = [header.slice(0, 36), header.slice(36)];
  const layouts: [string, string[]][] = [
    ['STANDARD', header],
    ['EXTENDED', [...base, ...blockA, ...names, ...blockB]],
    ['EXTENDED_2', [...base, ...blockA, 'term_reason', ...names, ...blockB]],
    ['EXTENDED_3', [...base, ...blockA, 'term_reason', ...names, 'recording_id', ...blockB, 'did_custom_one']],
    ['EXTENDED_4', [...base, 'log_called_count', 'log_list_id', ...names, ...blockB]],
  ];
  const tenant = ++tenants;
  const wanted: object[] = [];
  let ask: Awaited<ReturnType<typeof takeIn>>['ask'] | undefined;
  for (const [name, columns] of layouts) {
    for (const first of [[], [columns.join('\t')]]) {
      const user = `${name} ${first.length}`;
      const [uniqueid, lead_id] = [`1730642400.${wanted.length}`, 100 + wanted.length];
      const call = { ...sale, user, full_name: user, lead_id, called_count: 1, server_ip: '10.0.0.1', queue_time: 0 };
      const rows = [
        line({ ...call, uniqueid, wrapup_time: 7 }, columns),
        line(
          { ...call, uniqueid: `${uniqueid}5`, wrapup_time: 0, status: 'NI', lead_id: lead_id + 100, length_in_sec: 5 },
          columns,
        ),
      ];
      const taken = await takeInFor(tenant, [...first, ...rows].join('\r\n'));
      expect([user, taken.told.code]).toEqual([user, 0]);
      ask = taken.ask;
      wanted.push({ name: user, dials: 2, avg_aht_sec: name === 'STANDARD' ? 50 : 54 });
    }
  }
  const named = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
  expect((await ask?.('agent-performance'))?.sort(named)).toMatchObject((wanted as { name: string }[]).sort(named));
  const alternate = [
    '202411030900|2125550100|SALE|TELE|v1|web|A|B|60|1|202411030900|M1103090000000000041',
    '202411030901|2125550101|NA|TELE|v2|web|C|D|0|1|202411030901|V1103090100000000042',
    // An in-group\u2019s: by the code of its dial, and by none.
    '202411030905|2125550100|SALE|CLOSERS|v1|web|A|B|30|1730642400.61|1|M1103090000000000041',
    '202411030907|2125550102|NI|CLOSERS|v1|web|A|B|30|1730642500.62|1|Y1103090700000000043',
  ].join('\r\n');
  const piped = await takeIn(alternate);
  expect(piped.told.out).toContain('inbound: 1 calls');
  expect(await piped.ask('dashboard')).toMatchObject({ total_dials: 2, total_answers: 1, total_talk_time_sec: '90' });
  const carrier = line(
    { ...sale, gmt_offset_now: '-5.00' },
    [...header, 'status_name'].filter((name) => name !== 'full_name'),
  );
  expect((await takeIn(carrier)).told).toMatchObject({
    code: 1,
    err: expect.stringContaining('This is no call export'),
  });
  const other = await takeIn('3 High St\tAnn\tLee\t2125550100\tFlat 2\tSale Made\t2024-11-03 09:00:00\r\n');
  expect(other.told).toMatchObject({ code: 1, err: expect.stringContaining('This is no call export of VICIdial') });
});

test('text in MySQL\u2019s latin1 is read when told: UTF-8 where it is that, else Windows-1252', async () => {
  const raw = Buffer.concat([
    Buffer.from(
      [header.join('\t'), line({ ...sale, full_name: 'José \u20ac', campaign_id: 'ĐẸP' })]
        .join('\n')
        .replaceAll('é', '\u0001')
        .replaceAll('\u20ac', '\u0002'),
    ),
    Buffer.from(`\n${line({ ...sale, user: '1002', lead_id: 9, full_name: 'Nguyễn Thị Hạnh' })}\n`),
  ]);
  const bytes = Buffer.from(raw.map((byte) => (byte === 1 ? 0xe9 : byte === 2 ? 0x80 : byte)));
  expect((await takeIn(bytes)).told).toMatchObject({ code: 1, err: expect.stringContaining('--encoding latin1') });
  const { told, ask } = await takeIn(bytes, '--encoding', 'latin1');
  expect(told).toMatchObject({ code: 0, err: '' });
  const names = (await ask('agent-performance')).map(({ name }: { name: string }) => name).sort();
  expect(names).toEqual(['José \u20ac', 'Nguyễn Thị Hạnh']);
  const unknown = await takeIn(bytes, '--encoding', 'klingon');
  expect(unknown.told).toMatchObject({ code: 1, err: expect.stringContaining('There is no encoding "klingon"') });
});

test('a line break in the middle of a field breaks no line', async () => {
  const content = [
    header.join('\t'),
    line({ ...sale, address1: '12 High St\nFlat 2' }),
    line({ ...sale, lead_id: 9, address1: 'one\r\n\r\ntwo' }),
    line(missed).split('\t').slice(0, 20).join('\t'),
    line({ ...missed, call_date: 'yesterday', lead_id: 10 }),
  ].join('\r\n');
  const { told, ask } = await takeIn(content);
  expect(told.code).toBe(2);
  expect(told.out).toMatch(/calls +4 +2 +2\n/);
  expect(told.out).toContain('line 7: (line): has 20 fields, not 39');
  expect(told.out).toContain('line 8: call_date: ');
  expect(await ask('dashboard')).toMatchObject({ total_dials: 2 });
});

test('lengths that can be none, zero dates, lead 0: taken or refused by name, and only what was taken is counted by outcome', async () => {
  const content = [
    header.join('\t'),
    line({ ...sale, length_in_sec: -18000 }),
    line({ ...sale, lead_id: 9, length_in_sec: 65_001 }),
    line({ ...sale, lead_id: 10, length_in_sec: '' }),
    line({ ...sale, lead_id: 11, call_date: '0000-00-00 00:00:00' }),
    line({ ...sale, lead_id: 0 }),
    line({ ...missed, lead_id: 12, status: 'na' }),
  ].join('\r\n');
  const { told, ask } = await takeIn(content);
  expect(told.code).toBe(2);
  expect(told.out).toMatch(/calls +6 +4 +2\n/);
  expect(told.out).toContain('no length: 2 rows');
  expect(told.out).toContain('line 5: call_date: is "0000-00-00 00:00:00", which is no time');
  expect(told.out).toContain('line 6: lead_id: is "0", and the id of the call is made of it and call_date');
  expect(told.out).toMatch(/answered +3\n/);
  expect(told.out).toMatch(/no_answer +1\n/);
  expect(await ask('dashboard')).toMatchObject({ total_dials: 4, total_answers: 3, total_talk_time_sec: '0' });
});

test('a line break anywhere in a row, the last column and the first row too, breaks none; a row that lost its beginning is told', async () => {
  const broken = line({
    ...sale,
    vendor_lead_code: 'A\n7',
    list_description: 'Two\r\n\r\nlines',
    status_name: 'Sale\nMade',
  });
  const rows = [broken, line({ ...sale, lead_id: 9 }), line({ ...missed, lead_id: 10, status_name: 'No\nAnswer' })];
  for (const first of [[], [header.join('\t')]]) {
    const { told, ask } = await takeIn([...first, ...rows].join('\r\n'));
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(/calls +3 +3 +0\n/);
    expect(await ask('dashboard')).toMatchObject({ total_dials: 3, total_talk_time_sec: '190', conversions: 2 });
  }
  const lost = line({ ...sale, lead_id: 11 })
    .split('\t')
    .slice(5)
    .join('\t');
  const { told } = await takeIn([header.join('\t'), line(sale), lost, line(missed)].join('\n'));
  expect(told.code).toBe(2);
  expect(told.out).toMatch(/calls +3 +2 +1\n/);
  expect(told.out).toContain('line 3: (line): has 34 fields, not 39');
});

test('ALTERNATE_1 with recordings, notes and fields of a list\u2019s own: the code alone is the call\u2019s, and no note is kept', async () => {
  const row = (lead: number, rest: string, name = 'A') =>
    `202411030900|2125550100|SALE|TELE|v1|web|${name}|B|60|1|202411030900|${rest.replace('CODE', `M110309000000000000${lead}`)}`;
  const base =
    'call_date|phone_number_dialed|status|campaign_id|vendor_lead_code|source_id|first_name|last_name|length_in_sec|called_count|last_local_call_time';
  const files: [head: string, row: string][] = [
    [`${base}|caller_code`, row(11, 'CODE')],
    [`${base}|caller_code\tcall_notes`, row(12, 'CODE\tcall back 2125550188 tomorrow')],
    [`${base}\trecording_id|caller_code`, row(13, '\t4711CODE')],
    [
      `${base}\trecording_filename|caller_code\tcall_notes|ivr_path`,
      row(14, '\t20241103_2125550199_TELECODE\tM2125550177|1^2'),
    ],
    [`${base}|caller_code\tcustom_fields`, row(15, 'CODE\tred\t7\t\t', 'A|nn')],
  ];
  const tenant = ++tenants;
  for (const [head, row] of files) {
    for (const content of [`${head}\r\n${row}\r\n`, `${row}\r\n`]) {
      const { told } = await takeInFor(tenant, content);
      expect([head, told.code]).toEqual([head, 0]);
      expect(told.out).toMatch(/calls +1 +1 +0\n/);
    }
  }
  const { told, ask } = await takeInFor(tenant, `${base}|caller_code\r\n${row(16, '\tnote of M2125550177')}\r\n`);
  expect(told.out).toContain('line 2: caller_code: is empty, and nothing else tells this call from others');
  // The same call from the same row, however the page was asked.
  expect(await ask('dashboard')).toMatchObject({ total_dials: 5, total_talk_time_sec: '300' });
});

test('what a spreadsheet has made of whole numbers is read; rows that say an in-group again are counted', async () => {
  const columns = [...header, ...extended];
  const of = (fields: object) => line({ queue_time: 0, wrapup_time: 5, ...fields } as never, columns);
  const group = of({
    ...inGroup,
    lead_id: '7.0',
    uniqueid: '1730642400.61',
    queue_time: '3.00',
    length_in_sec: '30.0',
  });
  const content = [
    columns.join('\t'),
    of({
      ...sale,
      user: '25.0',
      uniqueid: '1730642400.61',
      length_in_sec: '60.00',
      lead_id: '7.0',
      wrapup_time: '5.0',
    }),
    of({ ...sale, user: '25', uniqueid: '1730642500.62', lead_id: 8, length_in_sec: '60.5' }),
    group,
    group,
    of({ ...inGroup, uniqueid: '1730649999.70', lead_id: 77 }),
    of({ ...inGroup, uniqueid: '1730649999.70', lead_id: 77 }),
  ].join('\n');
  const { told, ask } = await takeIn(content);
  expect(told).toMatchObject({ code: 0, err: '' });
  expect(told.out).toContain('6 rows, 2 calls.');
  expect(told.out).toContain('in-groups: 1 rows');
  expect(told.out).toContain('said again: 2 rows');
  expect(told.out).toContain('inbound: 1 calls');
  expect(told.out).toContain('no length: 1 rows');
  expect(await ask('dashboard')).toMatchObject({ total_dials: 2, unique_agents: 1, total_talk_time_sec: '90' });
});

test('a dial that nobody took, and whose customer gave up in the queue, is abandoned', async () => {
  const dialer = { ...transfer, user: 'VDAD', full_name: 'Outbound Auto Dial', length_in_sec: 15 };
  const dropped = { ...inGroup, user: 'VDCL', status: 'DROP', call_date: '2024-11-03 09:00:15', length_in_sec: 20 };
  const { told, ask } = await takeIn([line({ ...dialer, status: 'SVYCLM' }), line(dropped)].join('\n'));
  expect(told.out).toMatch(/abandoned +1\n/);
  expect(told.out).not.toMatch(/answered/);
  expect(await ask('dashboard')).toMatchObject({ total_dials: 1, total_answers: 1, avg_aht_sec: 0 });
  expect(await ask('disposition-breakdown')).toMatchObject([{ code: 'DROP', count: 1 }]);
});

test('a row of the future is taken for itself, and keeps no other from its names and its conversion', async () => {
  const content = [
    line(sale),
    line({ ...sale, lead_id: 9, call_date: '2150-01-01 09:00:00' }),
    line({ ...sale, lead_id: 10, call_date: '2099-01-01 09:00:00' }),
  ];
  const { told, ask } = await takeIn([header.join('\t'), ...content].join('\n'));
  expect(told.out).toMatch(/agents +1 +1 +0\n/);
  expect(told.out).toMatch(/dispositions +1 +1 +0\n/);
  expect(await ask('dashboard')).toMatchObject({ total_dials: 1, conversions: 1 });
  expect(await ask('agent-performance')).toMatchObject([{ name: sale.full_name, username: '1001' }]);
});

test('decimals of a spreadsheet make no in-group of a dial; a row whose columns have slipped is no customer\u2019s call', async () => {
  const columns = [...header, ...extended, 'channel'];
  const dial = line(
    { ...sale, uniqueid: '1730642400.61', queue_time: '0.0', wrapup_time: '0.0', dialstatus: 'ANSWER' },
    columns,
  );
  const slipped = line({ ...inGroup, uniqueid: '1730649999.70', queue_time: '3.00' }, columns).slice(20);
  const { told } = await takeIn([columns.join('\t'), dial, slipped].join('\n'));
  expect(told.out).toContain('2 rows, 2 calls.');
  expect(told.out).not.toContain('inbound');
  expect(told.out).toMatch(/calls +2 +1 +1\n/);
  expect(told.out).toContain('line 3: call_date: is another text, which is no time');
  const piped = await takeIn('202411030900|2125550100|SALE|TELE|v1|web|A|B|60|1.0|202411030900|M1103090000000000041\n');
  expect(piped.told.out).toMatch(/calls +1 +1 +0\n/);
});
