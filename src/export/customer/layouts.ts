/** From customers' directories to the layouts of their files: all packages are read, checked together, and laid over the generic one. */
import { resolve } from 'node:path';
import { type Fault, toLine } from '../../document/fault.ts';
import type { Report } from '../../engine/report.ts';
import { BadCustomerPackages } from '../../errors.ts';
import { genericLayout, genericLayouts } from '../generic-layout.ts';
import type { Layout, LayoutColumn, Layouts } from '../layout.ts';
import { fillFileName } from './file-name.ts';
import { type Customer, openPackageReader } from './read-package.ts';
import { toFormatRule } from './rules.ts';

/** Reads the customers' directories. Throws BadCustomerPackages, which names every fault of all of them at once. */
export async function openCustomerLayouts(
  directories: readonly string[],
  reports: readonly Report[],
): Promise<Layouts> {
  if (directories.length === 0) return genericLayouts;
  const { customers, faults } = await readCustomers(directories, reports);
  if (faults.length > 0) throw new BadCustomerPackages(faults.map(toLine));
  return toLayouts(customers, reports);
}

/** The packages that could be read, and all that is wrong with the others, or with two of them together. */
export async function readCustomers(directories: readonly string[], reports: readonly Report[]) {
  const read = openPackageReader(reports);
  // The same directory under two spellings is one.
  const distinct = [...new Map(directories.map((directory) => [resolve(directory), directory])).values()];
  const all = await Promise.all(distinct.map(read));
  const customers = all.flatMap(({ customer }) => customer ?? []);
  return { customers, faults: [...all.flatMap((one) => one.faults), ...tenantFaults(customers)] };
}

/** The layouts of customers, and the generic one for everybody else. */
export function toLayouts(customers: readonly Customer[], reports: readonly Report[]): Layouts {
  const byTenant = new Map(
    customers.map((customer) => [
      customer.content.tenant_id,
      new Map(reports.map((report) => [report.name, toLayout(report, customer)])),
    ]),
  );
  return {
    of: (report, tenantId) => byTenant.get(tenantId)?.get(report.name) ?? genericLayouts.of(report, tenantId),
  };
}

function tenantFaults(customers: readonly Customer[]): Fault[] {
  return customers.flatMap(({ file, content: { tenant_id } }, index) => {
    const first = customers.findIndex((customer) => customer.content.tenant_id === tenant_id);
    if (first === index) return [];
    const message = `${customers[first]!.file} is for tenant ${tenant_id} already. A tenant has one package: take one out.`;
    return [{ file, path: '$.tenant_id', message }];
  });
}

/** A report's layout as the customer wants it; what the package does not say stays generic. */
function toLayout(report: Report, { content, logos }: Customer): Layout {
  const generic = genericLayout(report);
  const own = content.reports?.[report.name] ?? {};
  const { title, sheet_name, logo = content.logo, file_name = content.file_name } = own;
  const picture = logo === undefined ? undefined : logos.get(logo);
  return {
    ...generic,
    columns: toColumns(generic.columns, own),
    ...(title !== undefined && { title }),
    ...(sheet_name !== undefined && { sheetName: sheet_name }),
    ...(picture && { logo: picture }),
    ...(file_name !== undefined && { fileName: (facts) => fillFileName(file_name, facts) }),
    csv: { ...generic.csv, ...content.csv, ...own.csv },
  };
}

type Own = NonNullable<Customer['content']['reports']>[string];

function toColumns(generic: readonly LayoutColumn[], { columns = [], left_out = [] }: Own): LayoutColumn[] {
  const ordered = columns.map(
    ({ name, label, width, number_format, rules }): LayoutColumn => ({
      ...generic.find((column) => column.name === name)!,
      ...(label !== undefined && { label }),
      ...(width !== undefined && { width }),
      ...(number_format !== undefined && { numberFormat: number_format }),
      ...(rules && { rules: rules.map(toFormatRule) }),
    }),
  );
  const named = new Set(ordered.map(({ name }) => name));
  const others = generic.filter(({ name }) => !named.has(name) && !left_out.includes(name));
  return [...ordered, ...others];
}
