/** Which columns of the file a mapping names, and what for. */
import type { Place } from '../../document/fault.ts';
import { type Mapping, maxCounted } from './mapping.ts';
import type { ColumnRule, Rule, When } from './rule.ts';

/** A rule in its long form. */
export const longRule = (rule: Rule): ColumnRule => (typeof rule === 'string' ? { from: rule } : rule);

/** A rule and those that stand in for it. */
export function longRules(rule: Rule): ColumnRule[] {
  const long = longRule(rule);
  return [long, ...(long.or === undefined ? [] : longRules(long.or))];
}

/** A text or a list of them, as a list. */
export const asList = <Item>(value: Item | readonly Item[] | undefined): Item[] =>
  value === undefined ? [] : Array.isArray(value) ? [...value] : [value as Item];

/** The columns of the file that a condition looks at. */
export const columnsOfWhen = (when: When | readonly When[]): string[] => [
  ...new Set(asList<When>(when).flatMap((one) => Object.keys(one))),
];

/** The columns of the file that a rule reads. */
export function columnsOfRule(rule: ColumnRule): string[] {
  return [
    ...new Set(
      longRules(rule).flatMap(({ from, join = [], cases = [] }) => [
        ...asList(from),
        ...join,
        ...cases.flatMap((one) => [...columnsOfWhen(one.when), ...asList(one.from)]),
      ]),
    ),
  ];
}

/** Every column of the file that a mapping names, with the places where it does. */
export function namedColumns({ columns, skip = [], merge, count = [] }: Mapping): [column: string, place: Place][] {
  const ofWhen = (when: When | When[], place: Place): [string, Place][] =>
    Array.isArray(when)
      ? when.flatMap((one, index) => ofWhen(one, [...place, index]))
      : Object.keys(when).map((column) => [column, [...place, column]]);
  const ofNames = (names: string | readonly string[] | undefined, place: Place) =>
    asList(names).map((one, index): [string, Place] => [one, typeof names === 'string' ? place : [...place, index]]);
  const ofRule = (rule: Rule, place: Place): [string, Place][] => {
    if (typeof rule === 'string') return [[rule, place]];
    const { from, join = [], cases = [], or } = rule;
    return [
      ...ofNames(from, [...place, 'from']),
      ...join.map((one, index): [string, Place] => [one, [...place, 'join', index]]),
      ...cases.flatMap((one, index) => [
        ...ofWhen(one.when, [...place, 'cases', index, 'when']),
        ...(one.from === undefined ? [] : [[one.from, [...place, 'cases', index, 'from']] as [string, Place]]),
      ]),
      ...(or === undefined ? [] : ofRule(or, [...place, 'or'])),
    ];
  };
  return [
    ...skip.flatMap((one, index) => ofWhen(one.when, ['skip', index, 'when'])),
    ...Object.entries(columns).flatMap(([ours, rule]) => ofRule(rule, ['columns', ours])),
    ...ofNames(merge?.by, ['merge', 'by']),
    ...ofNames(merge?.same, ['merge', 'same']),
    ...ofNames(merge?.second_leg, ['merge', 'second_leg']),
    ...(merge?.talk_from === undefined ? [] : ofRule(merge.talk_from, ['merge', 'talk_from'])),
    ...Object.entries(merge?.linked ?? {}).flatMap((pair) =>
      pair.map((column): [string, Place] => [column, ['merge', 'linked', pair[0]]]),
    ),
    ...count.map((one, index): [string, Place] => [one, ['count', index]]),
  ];
}

/** The columns that hold phone numbers: nothing of them is ever kept or shown. */
export function phoneColumns({ columns }: Mapping): Set<string> {
  const rules = Object.values(columns).flatMap(longRules);
  return new Set(rules.filter(({ as }) => as === 'phone').flatMap(columnsOfRule));
}

/** The columns whose values are counted: those that the mapping names, else those that decide outcome and disposition. */
export function countedColumns(mapping: Mapping): string[] {
  if (mapping.count) return [...new Set(mapping.count)];
  const phones = phoneColumns(mapping);
  const decisive = ['outcome', 'disposition_code'].flatMap((ours) => {
    const rule = mapping.columns[ours];
    if (rule === undefined) return [];
    const rules = longRules(rule);
    const tested = rules
      .flatMap(({ cases = [] }) => cases)
      .flatMap(({ when }) =>
        [when]
          .flat()
          .flatMap((one) =>
            Object.entries(one).flatMap(([column, test]) =>
              typeof test === 'string' || Array.isArray(test) || test.is !== undefined ? [column] : [],
            ),
          ),
      );
    return [...rules.flatMap(({ from }) => from ?? []), ...tested];
  });
  return [...new Set(decisive)].filter((column) => !phones.has(column)).slice(0, maxCounted);
}
