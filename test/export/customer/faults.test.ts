import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BadCustomerPackages } from '../../../src/errors.ts';
import { openCustomerLayouts, readCustomers } from '../../../src/export/customer/layouts.ts';
import { reports } from '../../../src/reports/index.ts';
import { customerDirectory, logo } from './package-directory.ts';

/** The faults of a directory as `path message`. */
async function faultsOf(directory: string): Promise<string[]> {
  const { faults } = await readCustomers([directory], reports);
  for (const { file } of faults) expect(file).toBe(join(directory, 'customer.json'));
  return faults.map(({ path, message }) => `${path} ${message}`);
}

const agents = (layout: unknown) => ({ tenant_id: 1, reports: { 'agent-performance': layout } });
const column = (more: object) => agents({ columns: [{ name: 'dials', ...more }] });
const rule = (more: object, name = 'dials') => agents({ columns: [{ name, rules: [more] }] });
const at = (path: string) => `$.reports['agent-performance']${path}`;
const red = { fill: '#FF0000' };

test.each<[about: string, content: unknown, path: string, message: RegExp]>([
  ['no tenant', {}, '$.tenant_id', /^It is missing\. Add "tenant_id"/],
  ['tenant 0', { tenant_id: 0 }, '$.tenant_id', /too small\. Take 1 or more/],
  ['a tenant in quotes', { tenant_id: '7' }, '$.tenant_id', /a whole number without quotes, not a text/],
  ['a list', [], '$', /an object in braces, not a list/],
  ['null', null, '$', /an object in braces, not null/],
  ['a name that nobody knows', { tenant_id: 1, report: {} }, '$.report', /no "report" here\. Did you mean "reports"\?/],
  [
    'an unknown report',
    { tenant_id: 1, reports: { 'time-serie': {} } },
    "$.reports['time-serie']",
    /mean "time-series"\?/,
  ],
  [
    'an unknown column',
    agents({ columns: [{ name: 'dails' }] }),
    at('.columns[0].name'),
    /no column of agent-performance\. Did you mean "dials"\?/,
  ],
  ['an unknown column left out', agents({ left_out: ['Username '] }), at('.left_out[0]'), /Did you mean "username"\?/],
  [
    'a column without a name',
    agents({ columns: [{}] }),
    at('.columns[0].name'),
    /It is missing\. Write one of "agent_id"/,
  ],
  ['a name alone', agents({ columns: ['dials'] }), at('.columns[0]'), /an object in braces, not a text/],
  [
    'a column twice',
    agents({ columns: [{ name: 'dials' }, { name: 'dials' }] }),
    at('.columns[1].name'),
    /columns\[0\] already\. Keep one/,
  ],
  [
    'a column here and left out',
    agents({ columns: [{ name: 'dials' }], left_out: ['dials'] }),
    at('.columns[0].name'),
    /left out, too/,
  ],
  ['left out twice', agents({ left_out: ['dials', 'dials'] }), at('.left_out[1]'), /left out already/],
  [
    'nothing left',
    { tenant_id: 1, reports: { funnel: { left_out: ['stage', 'count'] } } },
    '$.reports.funnel.left_out',
    /Keep at least one/,
  ],
  [
    'rules of no column',
    { tenant_id: 1, csv: { rules: [] } },
    '$.csv.rules',
    /no "rules" here\. There may be delimiter/,
  ],
  ['a misspelled property', column({ widht: 3 }), at('.columns[0].widht'), /Did you mean "width"\?/],
  ['a width as text', column({ width: '3' }), at('.columns[0].width'), /a number without quotes, not a text/],
  ['a width of 1', column({ width: 1 }), at('.columns[0].width'), /Take 2 or more/],
  ['an empty heading', column({ label: '' }), at('.columns[0].label'), /It is empty/],
  ['a heading of spaces', column({ label: '  ' }), at('.columns[0].label'), /It is empty/],
  ['a heading with a line break', column({ label: 'a\nb' }), at('.columns[0].label'), /line break/],
  ['a heading that is a formula', column({ label: '=1+1' }), at('.columns[0].label'), /run it as a formula/],
  [
    'two columns of one heading',
    column({ label: 'Answers' }),
    at('.columns[0].label'),
    /^.*answers would have the same heading/,
  ],
  [
    'an unknown kind of rule',
    rule({ kind: 'greaterThan', value: 1, ...red }),
    at('.columns[0].rules[0].kind'),
    /Did you mean "greater_than"\?/,
  ],
  [
    'a rule without its kind',
    rule({ value: 1, ...red }),
    at('.columns[0].rules[0].kind'),
    /It is missing\. Write one of "equal"/,
  ],
  [
    'a scale on text',
    rule({ kind: 'color_scale', colors: ['#000000', '#FFFFFF'] }, 'name'),
    at('.columns[0].rules[0].kind'),
    /needs a column of numbers\. This column takes "equal", "not_equal"/,
  ],
  [
    'a word for yes and no',
    {
      tenant_id: 1,
      reports: {
        'abandon-rate': { columns: [{ name: 'breached', rules: [{ kind: 'equal', value: 'yes', bold: true }] }] },
      },
    },
    "$.reports['abandon-rate'].columns[0].rules[0].value",
    /true or false, not a text/,
  ],
  [
    'a number for a text',
    rule({ kind: 'equal', value: 1, ...red }, 'name'),
    at('.columns[0].rules[0].value'),
    /a text in quotes, not a number/,
  ],
  [
    'a text for a number',
    rule({ kind: 'equal', value: '1', ...red }),
    at('.columns[0].rules[0].value'),
    /a number without quotes, not a text/,
  ],
  [
    'a rule without its value',
    rule({ kind: 'equal', ...red, bold: true }),
    at('.columns[0].rules[0].value'),
    /It is missing\. Add "value"/,
  ],
  [
    'a rule that changes nothing',
    rule({ kind: 'equal', value: 1 }),
    at('.columns[0].rules[0]'),
    /Give it fill, color or bold/,
  ],
  ['a span upside down', rule({ kind: 'between', from: 2, to: 1, ...red }), at('.columns[0].rules[0].to'), /Swap them/],
  [
    'a color by its name',
    rule({ kind: 'equal', value: 1, fill: 'red' }),
    at('.columns[0].rules[0].fill'),
    /six hexadecimal digits/,
  ],
  [
    'a scale of one color',
    rule({ kind: 'color_scale', colors: ['#000000'] }),
    at('.columns[0].rules[0].colors'),
    /There are 1\. Give 2 or 3/,
  ],
  [
    'a word that is never there',
    {
      tenant_id: 1,
      reports: {
        'caller-id-health': {
          columns: [{ name: 'health_status', rules: [{ kind: 'equal', value: 'helthy', bold: true }] }],
        },
      },
    },
    "$.reports['caller-id-health'].columns[0].rules[0].value",
    /Did you mean "healthy"\?/,
  ],
  [
    'rules on moments',
    { tenant_id: 1, reports: { 'abandon-rate': { columns: [{ name: 'window_from', rules: [] }] } } },
    "$.reports['abandon-rate'].columns[0].rules",
    /does not fit a column of moments/,
  ],
  [
    'a number format on text',
    agents({ columns: [{ name: 'name', number_format: '0' }] }),
    at('.columns[0].number_format'),
    /does not fit a column of text/,
  ],
  [
    'a number format that breaks',
    column({ number_format: '0"' }),
    at('.columns[0].number_format'),
    /A quote is not closed/,
  ],
  ['a title of nothing', agents({ title: ' ' }), at('.title'), /It is empty/],
  [
    'a sheet name that is too long',
    agents({ sheet_name: 'x'.repeat(32) }),
    at('.sheet_name'),
    /Excel takes 31|at most 31/,
  ],
  [
    'a sheet name of 16 wide signs',
    agents({ sheet_name: '\u{1F600}'.repeat(16) }),
    at('.sheet_name'),
    /It has 32 characters/,
  ],
  ['a sheet name with a slash', agents({ sheet_name: 'June/July' }), at('.sheet_name'), /can\u2019t have \/ in it/],
  ['a sheet name in apostrophes', agents({ sheet_name: "'June'" }), at('.sheet_name'), /apostrophe/],
  ['a sheet name of Excel\u2019s', agents({ sheet_name: 'History' }), at('.sheet_name'), /Excel keeps this name/],
  [
    'an unknown placeholder',
    agents({ file_name: '{reprot}' }),
    at('.file_name'),
    /\{reprot\} is no placeholder\. Did you mean "report"\?/,
  ],
  ['a brace alone', agents({ file_name: '{report' }), at('.file_name'), /brace stands alone/],
  ['a file name that is a path', { tenant_id: 1, file_name: '../{report}' }, '$.file_name', /can\u2019t have \//],
  ['a file name with its ending', { tenant_id: 1, file_name: '{report}.XLSX' }, '$.file_name', /Leave the ending out/],
  ['a device of Windows', { tenant_id: 1, file_name: 'NUL' }, '$.file_name', /Windows keeps/],
  [
    'an unknown delimiter',
    { tenant_id: 1, csv: { delimiter: '-' } },
    '$.csv.delimiter',
    /There are ",", ";", "\\t", "\|"/,
  ],
  ['an unknown header', agents({ csv: { header: 'labels' } }), at('.csv.header'), /Did you mean "label"\?/],
  ['a logo that is not there', { tenant_id: 1, logo: 'logo2.png' }, '$.logo', /There is no file .*logo2\.png/],
  ['a logo outside', { tenant_id: 1, logo: '../logo.png' }, '$.logo', /leads out of the customer\u2019s directory/],
  ['a logo from the root', { tenant_id: 1, logo: '/etc/passwd' }, '$.logo', /leads out/],
  ['a logo from a drive', agents({ logo: 'C:/logo.png' }), at('.logo'), /leads out/],
  ['a logo with backslashes', { tenant_id: 1, logo: 'a\\logo.png' }, '$.logo', /Write the path with \//],
  ['a logo that is no PNG', { tenant_id: 1, logo: 'customer.json' }, '$.logo', /customer\.json is not a PNG/],
  [
    'a name twice',
    '{"tenant_id": 1, "reports": {"funnel": {"title": "A"}, "funnel": {}}}',
    '$.reports.funnel',
    /stands here twice/,
  ],
  ['what is not JSON', '{\n  "tenant_id": 1,\n}', '$', /not JSON from line 3, column 1 on/],
  ['a text that ends early', '{"tenant_id": ', '$', /not JSON from line 1, column 15 on/],
])('%s', async (_, content, path, message) => {
  const faults = await faultsOf(customerDirectory(content));
  expect(faults).toHaveLength(1);
  expect(faults[0]!.startsWith(`${path} `), `${faults[0]} should be at ${path}`).toBe(true);
  expect(faults[0]!.slice(path.length + 1)).toMatch(message);
});

test('all faults of all packages are told at once, and stop the start', async () => {
  const one = customerDirectory({
    tenant_id: 1,
    logo: 'none.png',
    reports: { funel: {}, funnel: { sheet_name: '?' } },
  });
  const other = customerDirectory('no');
  const opening = openCustomerLayouts([one, other, '/nowhere/acme'], reports);
  await expect(opening).rejects.toThrow(BadCustomerPackages);
  const { message, code } = (await opening.catch((error) => error)) as BadCustomerPackages;
  expect(code).toBe('BAD_CUSTOMER_PACKAGES');
  const lines = message.split('\n  ');
  expect(lines[0]).toBe('There are 5 faults in CUSTOMER_PACKAGES:');
  expect(lines.slice(1).map((line) => line.replace(/^(.*) at (\$\S*): .*$/, '$1 $2'))).toEqual([
    `${one}/customer.json $.reports.funel`,
    `${one}/customer.json $.reports.funnel.sheet_name`,
    `${one}/customer.json $.logo`,
    `${other}/customer.json $`,
    '/nowhere/acme/customer.json $',
  ]);
});

test('two packages for one tenant stop the start; one directory named twice does not', async () => {
  const [one, other] = [customerDirectory({ tenant_id: 5 }), customerDirectory({ tenant_id: 5 })];
  const { faults } = await readCustomers([one, `${one}/.`, other], reports);
  expect(faults).toEqual([
    {
      file: join(other, 'customer.json'),
      path: '$.tenant_id',
      message: `${join(one, 'customer.json')} is for tenant 5 already. A tenant has one package: take one out.`,
    },
  ]);
});

test('a logo is a whole picture, in its own directory', async () => {
  const broken = Buffer.from(logo);
  broken[60]! ^= 1;
  const huge = Buffer.from(logo);
  huge.writeUInt32BE(9000, 16);
  const outside = customerDirectory({ tenant_id: 2 });
  const fault = async (name: string, files: Record<string, Uint8Array>) =>
    (await faultsOf(customerDirectory({ tenant_id: 1, logo: name }, files)))[0];
  expect(await fault('a.png', { 'a.png': logo.subarray(0, 300) })).toMatch(/a\.png is damaged or incomplete/);
  expect(await fault('a.png', { 'a.png': broken })).toMatch(/damaged/);
  expect(await fault('a.png', { 'a.png': huge })).toMatch(/damaged/);
  expect(await fault('a.png', { 'a.png': Buffer.from('GIF89a') })).toMatch(/not a PNG/);
  expect(await fault('a.png', { 'a.png': Buffer.concat([logo, Buffer.alloc(1024 ** 2)]) })).toMatch(/1026 KB/);

  const linked = customerDirectory({ tenant_id: 1, logo: 'link.png' });
  symlinkSync(join(outside, 'logo.png'), join(linked, 'link.png'));
  expect(await faultsOf(linked)).toEqual([expect.stringMatching(/^\$\.logo link\.png is a link out of/)]);
  const nested = customerDirectory({ tenant_id: 1, logo: 'pictures/logo.png' });
  mkdirSync(join(nested, 'pictures'));
  symlinkSync(join(nested, 'logo.png'), join(nested, 'pictures', 'logo.png'));
  expect(await faultsOf(nested)).toEqual([]);
});

test('a directory is one, and its file is UTF-8, with or without a byte-order mark', async () => {
  const directory = customerDirectory('\ufeff{"tenant_id": 1}');
  expect(await faultsOf(directory)).toEqual([]);
  const { faults } = await readCustomers([join(directory, 'logo.png')], reports);
  expect(faults[0]!.message).toMatch(/logo\.png is a file\. Name the directory/);
  mkdirSync(join(directory, 'empty'));
  expect(await faultsOf(join(directory, 'empty'))).toEqual([expect.stringMatching(/There is no customer\.json in/)]);
  const latin = customerDirectory('', { 'customer.json': Buffer.from('{"tenant_id": 1, "file_name": "é"}', 'latin1') });
  expect(await faultsOf(latin)).toEqual(['$ It is not UTF-8. Save it as UTF-8.']);
});
