import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { columnsOf } from '../../../src/engine/report.ts';
import type { CustomerPackage } from '../../../src/export/customer/package.ts';
import { toCustomerSchema } from '../../../src/export/customer/schema.ts';
import { reports } from '../../../src/reports/index.ts';
import { examples } from './package-directory.ts';

const root = new URL('../../../', import.meta.url);
const published = JSON.parse(readFileSync(new URL('docs/customer.schema.json', root), 'utf8'));
const readExample = (name: string) => JSON.parse(readFileSync(join(examples, name, 'customer.json'), 'utf8'));

test('the published schema holds by the standard alone, without our formats', () => {
  const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(published);
  for (const name of ['sen-vang', 'harbor-insurance']) expect(isValid(readExample(name)), name).toBe(true);
  expect(isValid({ tenant_id: 1, reports: { 'agent-performance': { columns: [{ name: 'dails' }] } } })).toBe(false);
});

test('it knows every column of every report', () => {
  type Node = { properties: Record<string, Node>; items: { enum: string[] } };
  const all = (toCustomerSchema(reports) as unknown as Node).properties.reports!.properties;
  for (const report of reports) {
    const { left_out } = all[report.name]!.properties;
    expect(left_out!.items.enum).toEqual(columnsOf(report).map(([name]) => name));
  }
});

test('the type takes what the schema takes', () => {
  const typed: CustomerPackage = {
    tenant_id: 1,
    reports: { funnel: { columns: [{ name: 'count', rules: [{ kind: 'between', from: 1, to: 2, bold: true }] }] } },
  };
  const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(published);
  expect(isValid(typed)).toBe(true);
});
