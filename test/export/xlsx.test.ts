import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { About } from '../../src/engine/about-schema.ts';
import { genericLayout } from '../../src/export/generic-layout.ts';
import type { ExportFacts, Layout } from '../../src/export/layout.ts';
import { excelRows, toXlsx } from '../../src/export/xlsx.ts';
import { reports } from '../../src/reports/index.ts';
import { reportOf } from '../questions.ts';
import { pythonMissing, readBooks, type StoredBook } from './independent.ts';

const missing = pythonMissing();
const skipped = missing ? `: ${missing}` : '';

function factsOf(name: string, facts: Partial<ExportFacts> = {}): ExportFacts {
  return {
    report: reportOf(name),
    tenant: { tenant_id: 9, name: 'Công ty Đặng & Lê' },
    timezone: 'Asia/Ho_Chi_Minh',
    filters: { campaignId: 43, agentIds: [1, 2] },
    window: { from: Date.parse('2026-05-31T17:00:00Z'), to: Date.parse('2026-06-07T17:00:00Z') },
    params: { group_by: 'day' },
    madeAt: Date.parse('2026-06-10T12:00:00.789Z'),
    ...facts,
  };
}

async function bookOf(
  name: string,
  rows: object[],
  change: Partial<Layout> = {},
  facts: Partial<ExportFacts> = {},
): Promise<StoredBook> {
  const layout = { ...genericLayout(reportOf(name)), ...change };
  return readBooks([await toXlsx(layout, factsOf(name, facts), rows as Record<string, unknown>[])])[0]!;
}

const about: About = {
  report: 'time-series',
  tenant: { tenant_id: 9, name: 'Acme' },
  window: { from: '2026-05-31T17:00:00.000Z', to: '2026-06-14T17:00:00.000Z' },
  asked: { date_from: '2026-06-01', date_to: '2026-06-14' },
  timezone: 'Asia/Ho_Chi_Minh',
  filters: { campaign: null, team: null, agents: null },
  part: { team: { team_id: 3, name: '=Hanoi' } },
  params: {},
  computed_at: '2026-06-10T12:00:00.000Z',
  data_until: { taken_in_at: '2026-06-10T11:59:00.000Z', last_call_at: '2026-06-10T11:40:30.000Z' },
  has_ended: false,
  incomplete_buckets: Array.from({ length: 8 }, (_, day) => `2026-06-${10 + day}`),
  undisposed: [
    { day: '2026-06-10', handled: 1200, undisposed: 300, pct: 25 },
    { day: '2026-06-09', handled: 0, undisposed: 0, pct: 0 },
  ],
  definitions_version: '0123456789ab',
  refused_rows_30_days: 12_000,
};

const days = Array.from({ length: 7 }, (_, day) => ({
  bucket: `2026-06-0${day + 1}`,
  dials: 1000 + day,
  answers: 10 * day,
  talk_sec: 100_000 * day,
  conversions: day,
}));

const agent = {
  agent_id: 25,
  name: 'Nguyễn Văn A',
  username: '007',
  dials: 5000,
  answers: 3,
  avg_aht_sec: 3725,
  conversions: 1,
  conv_rate: 33.33,
};

describe.skipIf(missing)(`an Excel file${skipped}`, () => {
  test('says above its rows what they are', async () => {
    const { sheets } = await bookOf('time-series', days);
    const [rows, columns] = sheets;
    expect(sheets.map(({ name }) => name)).toEqual(['Time series', 'Columns']);
    expect(rows?.cells.A1?.value).toBe('Time series');
    expect(rows?.cells.A2?.value).toBe(
      'Tenant  Công ty Đặng & Lê (9)      Window  2026-06-01 to 2026-06-07      Time zone  Asia/Ho_Chi_Minh',
    );
    expect(rows?.cells.A3?.value).toBe(
      'Filters  campaign 43; agents 1, 2; group_by day      Rows  7      Made  2026-06-10 19:00+07:00',
    );
    const told = Object.values(columns?.cells ?? {}).map(({ value }) => value);
    for (const fact of ['time-series', 'Công ty Đặng & Lê (9)', '2026-06-01 to 2026-06-07', '7'])
      expect(told).toContain(fact);
  });

  test('says what it is made of, line by line, when it is asked to', async () => {
    const {
      sheets: [rows, columns],
    } = await bookOf('time-series', days, {}, { about });
    const plain = (await bookOf('time-series', days)).sheets[0]!;
    const lines = ['A2', 'A3', 'A4', 'A5', 'A6', 'A7', 'A8', 'A9', 'A10'].map((cell) => rows?.cells[cell]?.value);
    expect(lines).toEqual([
      plain.cells.A2?.value,
      plain.cells.A3?.value,
      'Data until  last call 2026-06-10 18:40:30+07:00, last taken in 2026-06-10 18:59+07:00',
      'Window still running  2026-06-15 00:00+07:00',
      'Incomplete  2026-06-10, 2026-06-11, 2026-06-12, 2026-06-13, 2026-06-14, 2026-06-15 and 2 more',
      'Not yet disposed  2026-06-10: 300 of 1,200 (25%); 2026-06-09: 0 of 0 (0%)',
      'Part  team =Hanoi (3)',
      'Definitions  0123456789ab',
      'Refused rows, 30 days  12,000',
    ]);
    expect(rows?.cells.A12?.value).toBe('Bucket');
    expect(rows?.cells.A13?.value).toBe('2026-06-01');
    expect(Object.values(columns!.cells).map(({ value }) => value)).toContain('team =Hanoi (3)');
  });

  test('says of each column what it means', async () => {
    const { sheets } = await bookOf('agent-performance', [agent]);
    const { cells } = sheets[1]!;
    const row = (number: number) => ['A', 'B', 'C', 'D'].map((letter) => cells[`${letter}${number}`]?.value);
    expect(row(4)).toEqual(['Column', 'Field', 'In', 'What it means']);
    expect(row(6)).toEqual(['Agent', 'name', '', 'Full name']);
    expect(row(10)).toEqual([
      'AHT',
      'avg_aht_sec',
      'h:mm:ss',
      'Average handle time: talk, hold and wrap time / answered calls',
    ]);
  });

  test('keeps its header in sight, over a filter, and its columns wide enough', async () => {
    const [sheet] = (await bookOf('agent-performance', [agent])).sheets;
    expect([sheet?.frozen, sheet?.filter]).toEqual(['5', 'A5:H6']);
    expect(sheet?.cells.A5).toMatchObject({ value: 'Agent id', fill: 'FF1F3A5F' });
    expect(sheet?.widths[1]).toBeGreaterThan('Nguyễn Văn A'.length);
    expect(sheet?.widths.every((width) => width >= 9 && width <= 60)).toBe(true);
  });

  test('has numbers as numbers that look right, and codes as text', async () => {
    const { cells } = (await bookOf('agent-performance', [agent])).sheets[0]!;
    expect(cells.A6).toMatchObject({ value: 25, format: '0' });
    expect(cells.C6).toMatchObject({ value: '007', format: '@' });
    expect(cells.D6).toMatchObject({ value: 5000, format: '#,##0' });
    expect(cells.F6?.format).toBe('[h]:mm:ss');
    expect(Number(cells.F6?.value) * 86_400).toBeCloseTo(3725, 6);
    expect(cells.H6).toMatchObject({ value: 33.33, format: '0.00"%"' });
  });

  test('wears the colors of dispositions', async () => {
    const row = { code: 'sale', label: 'Sale', category: 'contact', count: 1, pct: '100.00' };
    const { cells } = (
      await bookOf('disposition-breakdown', [
        { ...row, color: '#10b981' },
        { ...row, color: '#111827' },
      ])
    ).sheets[0]!;
    expect([cells.B6?.fill, cells.B7?.fill, cells.A6?.fill]).toEqual(['FF10B981', 'FF111827', null]);
    expect([cells.B6?.value, cells.D6?.value]).toEqual(['Sale', '#10b981']);
  });

  test('has the heatmap as a grid with color scales, where a slot without a dial is empty', async () => {
    const slots = Array.from({ length: 168 }, (_, slot) => ({
      day_of_week: Math.floor(slot / 24),
      hour: slot % 24,
      dials: slot % 3 ? 10 * slot : 0,
      answered: slot % 3 ? slot : 0,
      answer_rate_pct: slot % 3 ? 10.5 : 0,
    }));
    const { sheets } = await bookOf('hour-dow-heatmap', slots);
    const grid = sheets[1]!;
    expect(sheets.map(({ name }) => name)).toEqual(['Hour x weekday heatmap', 'Grid', 'Columns']);
    expect(grid.rules).toEqual([
      ['B5:Y11', 'colorScale'],
      ['B14:Y20', 'colorScale'],
    ]);
    expect([grid.cells.A5?.value, grid.cells.A11?.value]).toEqual(['Sunday', 'Saturday']);
    expect([grid.cells.B5?.value, grid.cells.C5?.value, grid.cells.C14?.value]).toEqual([null, 10.5, 10]);
    expect(grid.cells.Y11?.value).toBe(10.5);
  });

  test('draws time series and funnels', async () => {
    const { sheets, charts } = await bookOf('time-series', days);
    expect(sheets[0]?.drawings).toBe(1);
    for (const range of ['$A$6:$A$12', '$B$6:$B$12', '$C$6:$C$12', '$E$6:$E$12']) expect(charts[0]).toContain(range);
    const stages = ['Total leads', 'Dialed', 'Converted'].map((stage, index) => ({ stage, count: 9 - index }));
    expect((await bookOf('funnel', stages)).charts[0]).toContain('barDir val="bar"');
    for (const none of [await bookOf('time-series', []), await bookOf('dashboard', [{}])])
      expect(none.charts).toEqual([]);
  });

  test('is whole without rows', async () => {
    for (const { name } of reports) {
      const [sheet] = (await bookOf(name, [])).sheets;
      expect(sheet?.frozen, name).toBe('5');
      expect(sheet?.cells.A3?.value).toContain('Rows  0');
    }
  });

  test('follows a layout: order, labels, formats, rules on what people see, title and names', async () => {
    const { columns } = genericLayout(reportOf('agent-performance'));
    const column = (name: string) => columns.find((one) => one.name === name)!;
    const { sheets } = await bookOf('agent-performance', [agent], {
      title: 'Báo cáo _x0041_',
      sheetName: 'columns',
      columns: [
        {
          ...column('avg_aht_sec'),
          label: 'AHT (giây)',
          numberFormat: '0',
          width: 33,
          rules: [{ kind: 'value', operator: 'greaterThan', value: 300, fill: '#FF0000' }],
        },
        {
          ...column('conv_rate'),
          numberFormat: '0.0%',
          rules: [{ kind: 'colorScale', colors: ['#FFFFFF', '#00FF00'] }],
        },
      ],
    });
    const [sheet] = sheets;
    expect(sheets.map(({ name }) => name)).toEqual(['columns', 'Columns 2']);
    expect([sheet?.cells.A1?.value, sheet?.cells.A5?.value]).toEqual(['Báo cáo _x0041_', 'AHT (giây)']);
    // A format of plain numbers shows seconds, and a share where the format makes percent of it.
    expect(sheet?.cells.A6).toMatchObject({ value: 3725, format: '0' });
    expect(sheet?.cells.B6).toMatchObject({ value: 0.3333, format: '0.0%' });
    expect(sheet?.widths[0]).toBe(33);
    expect(sheet?.rules).toEqual([
      ['A6:A6', 'cellIs'],
      ['B6:B6', 'colorScale'],
    ]);
  });

  test('has a logo above its title', async () => {
    const [sheet] = (await bookOf('agent-performance', [agent], { logo: png(300, 90) })).sheets;
    expect([sheet?.drawings, sheet?.frozen]).toEqual([1, '6']);
    expect([sheet?.cells.A2?.value, sheet?.cells.A6?.value, sheet?.cells.A7?.value]).toEqual([
      'Agent performance',
      'Agent id',
      25,
    ]);
  });

  test('holds what XML can not, as near as can be', async () => {
    const name = (text: string) => ({ ...agent, name: text });
    const { cells } = (
      await bookOf('agent-performance', [
        name('\ufffe\uffff\ud800'),
        name('\u0000\u001b[31m'),
        name('_x000D_'),
        name(' a '),
      ])
    ).sheets[0]!;
    expect(['B6', 'B7', 'B8', 'B9'].map((place) => cells[place]?.value)).toEqual([
      '\ufffd\ufffd\ufffd',
      '\u0000\u001b[31m',
      '_x000D_',
      ' a ',
    ]);
  });
});

test('rows over the limit are refused, not left out', async () => {
  async function* chunks() {
    for (let chunk = 0; chunk < 3; chunk++) yield Array.from({ length: 10 }, () => agent);
  }
  async function rowsOf(given: ReturnType<typeof excelRows>) {
    const rows = [];
    for await (const some of given) rows.push(...some);
    return rows;
  }
  expect(await rowsOf(excelRows(chunks(), 30))).toHaveLength(30);
  await expect(rowsOf(excelRows(chunks(), 29))).rejects.toMatchObject({ code: 'INVALID_PARAMS', status: 422 });
});

/** A white picture. */
function png(width: number, height: number): Uint8Array {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crcOf(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc((width + 1) * height, 255));
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function crcOf(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
