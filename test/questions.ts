/** What tests ask of the reports, as each declares it: a report that is added is asked without a word here. */
import type { Param } from '../src/engine/params.ts';
import { paramsOf, type Report } from '../src/engine/report.ts';
import { reports } from '../src/reports/index.ts';

/** Query parameters as they are sent. */
export type Asked = Record<string, string>;

/** The report of that name. */
export function reportOf(name: string): Report {
  const found = reports.find((report) => report.name === name);
  if (!found) throw new Error(`there is no report ${name}`);
  return found;
}

/** Every parameter of a report by name, its own and those that it shares. */
export const declaredOf = (report: Report) => paramsOf(report) as Record<string, Param>;

/** Whether a report is over a window of dates; else it is on the present of a campaign. */
export const takesDates = (report: Report) => 'date_from' in declaredOf(report);

/** The parameters that a report can't do without, with these values. */
export function requiredOf(report: Report, values: Record<string, string | number>): Asked {
  const names = Object.entries(declaredOf(report)).flatMap(([name, { required }]) => (required ? [name] : []));
  return Object.fromEntries(
    names.map((name) => {
      if (values[name] === undefined)
        throw new Error(`${report.name} requires ${name}, of which this test says nothing`);
      return [name, String(values[name])];
    }),
  );
}

const anInstant = '2026-06-05T00:00:00Z';
const isRead = ({ read }: Param, text: string) => 'value' in read(text, { now: Date.parse(anInstant) });

/** Whether a parameter is an instant. */
export const isInstant = (param: Param) => isRead(param, anInstant) && !isRead(param, 'a word');

/** The parameters of a report that are instants, at this one: what is live stands still there. */
export function endingAt(report: Report, at: string): Asked {
  const names = Object.entries(report.params).flatMap(([name, param]) => (isInstant(param) ? [name] : []));
  return Object.fromEntries(names.map((name) => [name, at]));
}

/** The values that a parameter takes: all of them where they are few, else its bounds, or one that is typical. */
export function valuesOf(name: string, param: Param): string[] {
  const { kind, choices, bounds, example } = param;
  if (choices) return [...choices];
  if (kind === 'flag') return ['1', '0'];
  if (bounds) return bounds.map(String);
  const typical = [String(example ?? anInstant), 'Asia/Ho_Chi_Minh', 'a word'].find((text) => isRead(param, text));
  if (typical === undefined) throw new Error(`tests know no value of ${name}: give its declaration an example`);
  return [typical];
}

/** Every combination of the values of a report's own parameters; the first has as few as may be. */
export function variantsOf(report: Report): Asked[] {
  return Object.entries(report.params).reduce<Asked[]>(
    (all, [name, param]) =>
      all.flatMap((one) => [
        ...(param.required ? [] : [one]),
        ...valuesOf(name, param).map((value) => ({ ...one, [name]: value })),
      ]),
    [{}],
  );
}

/** A key as some row of a report may have it, as its sample says or as its kind does. */
export function keyOf(report: Report): Asked {
  const row = report.sample.row?.(0) ?? {};
  return Object.fromEntries(
    report.key.map((name) => {
      const column = report.columns[name];
      const [word = '1'] = column && 'choices' in column ? column.choices : [];
      return [name, String(row[name] ?? word)];
    }),
  );
}
