/** The checks of a customer's package that go beyond its schema: repeated columns, nothing left to show, spans the wrong way round. */
import { type Place, type PlacedFault, toJsonPath } from '../../document/fault.ts';
import { columnsOf, type Report } from '../../engine/report.ts';
import type { CustomerColumn, CustomerPackage, CustomerReport } from './package.ts';
import type { CustomerRule } from './rule-schema.ts';

/** What a schema can't say: columns that meet each other, spans that end before they begin. */
export function packageFaults(content: unknown, reports: readonly Report[]): PlacedFault[] {
  const all = toRecord((content as Partial<CustomerPackage> | null)?.reports);
  return reports.flatMap((report) => {
    if (!Object.hasOwn(all, report.name)) return [];
    const layout = toRecord(all[report.name]) as CustomerReport;
    const at: Place = ['reports', report.name];
    return [...columnFaults(layout, at), ...absenceFaults(layout, report, at), ...labelFaults(layout, report, at)];
  });
}

function columnFaults({ columns, left_out }: CustomerReport, at: Place): PlacedFault[] {
  const listed = toList(columns).map(toRecord) as Partial<CustomerColumn>[];
  const names = listed.map(({ name }) => name);
  const absent = toList(left_out);
  return listed.flatMap(({ name, rules }, index) => {
    const place = [...at, 'columns', index];
    const first = names.indexOf(name);
    const faults = toList(rules).flatMap((rule, number) => spanFaults(rule, [...place, 'rules', number]));
    if (name === undefined) return faults;
    if (first < index) {
      const message = `${JSON.stringify(name)} stands at ${toJsonPath([...at, 'columns', first])} already. Keep one.`;
      faults.push({ place: [...place, 'name'], message });
    }
    if (absent.includes(name)) {
      const message = `${JSON.stringify(name)} is left out, too. Take it away here or in left_out.`;
      faults.push({ place: [...place, 'name'], message });
    }
    return faults;
  });
}

function spanFaults(rule: unknown, place: Place): PlacedFault[] {
  const { from, to } = toRecord(rule) as Partial<CustomerRule & { from: number; to: number }>;
  if (!(typeof from === 'number' && typeof to === 'number' && from > to)) return [];
  return [{ place: [...place, 'to'], message: `The span ends at ${to}, before it begins at ${from}. Swap them.` }];
}

function absenceFaults({ left_out }: CustomerReport, report: Report, at: Place): PlacedFault[] {
  const names = toList(left_out);
  const place: Place = [...at, 'left_out'];
  const faults = names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [{ place: [...place, index], message: `${JSON.stringify(name)} is left out already. Keep one.` }]
      : [],
  );
  if (columnsOf(report).some(([name]) => !names.includes(name))) return faults;
  return [...faults, { place, message: 'Every column is left out. Keep at least one.' }];
}

/** Two columns of one heading can't be told apart. */
function labelFaults({ columns, left_out }: CustomerReport, report: Report, at: Place): PlacedFault[] {
  const listed = toList(columns).map(toRecord) as Partial<CustomerColumn>[];
  const absent = toList(left_out);
  const labels = new Map<string, string[]>();
  for (const [name, column] of columnsOf(report)) {
    const label = listed.find((one) => one.name === name)?.label ?? column.label;
    if (!absent.includes(name) && typeof label === 'string') labels.set(label, [...(labels.get(label) ?? []), name]);
  }
  return listed.flatMap(({ name, label }, index) => {
    const others = (label === undefined ? [] : (labels.get(label) ?? [])).filter((other) => other !== name);
    if (others.length === 0) return [];
    const message = `${others.join(', ')} would have the same heading, ${JSON.stringify(label)}. Give each its own.`;
    return [{ place: [...at, 'columns', index, 'label'], message }];
  });
}

const toList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const toRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
