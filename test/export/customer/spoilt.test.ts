import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPackageReader } from '../../../src/export/customer/read-package.ts';
import { reports } from '../../../src/reports/index.ts';
import { leadsInto, spoilt } from '../../document/spoilt.ts';
import { customerDirectory, examples } from './package-directory.ts';

const whole = {
  tenant_id: 9,
  file_name: '{report}_{from}_{to}',
  csv: { delimiter: ';', header: 'label' },
  reports: {
    'agent-performance': {
      title: 'Agents',
      columns: [
        { name: 'dials', width: 9, number_format: '#,##0', rules: [{ kind: 'between', from: 1, to: 2, bold: true }] },
        { name: 'username', label: 'Who', rules: [{ kind: 'equal', value: 'a', fill: '#AABBCC' }] },
        { name: 'conversions', rules: [{ kind: 'color_scale', colors: ['#AABBCC', '#DDEEFF'] }] },
      ],
      left_out: ['agent_id'],
    },
    'abandon-rate': { columns: [{ name: 'breached', rules: [{ kind: 'equal', value: true, color: '#AABBCC' }] }] },
  },
};

const given = [
  whole,
  ...['sen-vang', 'harbor-insurance'].map((name) =>
    JSON.parse(readFileSync(join(examples, name, 'customer.json'), 'utf8')),
  ),
];
const names = [
  'reports',
  'csv',
  'funnel',
  'title',
  'logo',
  'columns',
  'label',
  'width',
  'rules',
  'kind',
  'value',
  'from',
];

test('a package that is spoilt is taken or refused, with places that are in it', async () => {
  const directory = customerDirectory({});
  const read = openPackageReader(reports);
  const faultsOf = (text: string) => {
    writeFileSync(join(directory, 'customer.json'), text);
    return read(directory);
  };
  for (const one of given) expect((await faultsOf(JSON.stringify(one))).faults).toEqual([]);
  const isTaken = { true: 0, false: 0 };
  await fc.assert(
    fc.asyncProperty(spoilt(given, names), async (content) => {
      const text = JSON.stringify(content);
      const { customer, faults } = await faultsOf(text);
      expect(customer === undefined).toBe(faults.length > 0);
      isTaken[`${faults.length === 0}`]++;
      for (const { path, message } of faults) {
        expect(leadsInto(path, JSON.parse(text)), path).toBe(true);
        expect(message).toMatch(/^\S.*\.$/s);
        expect(message).not.toMatch(/undefined|\[object|breaks the schema/);
      }
    }),
    { numRuns: 200 },
  );
  expect(Math.min(isTaken.true, isTaken.false)).toBeGreaterThan(10);
});
