/** What ties the rows of one call to each other. */
import type { Mapping } from '../language/mapping.ts';
import { asList } from '../language/rule-columns.ts';
import type { Fields } from '../values/conditions.ts';

/** What ties a row to those of its call among the rows with one key. */
export interface Ties {
  /** The texts of merge.same, column by column. */
  same: readonly string[];
  /** Names of other rows that it leads to, by merge.linked. */
  leads: readonly string[];
  /** Its own names there. */
  led: readonly string[];
}

/** Ties, and what the parts of one call have in common; a row of its own has its line. */
export interface KeyedTies extends Ties {
  key: string;
  /** The key of the second leg that it names, by merge.second_leg. */
  secondLeg?: string;
}

/** Finds what ties a row to others. */
export function toTiesOf({ merge }: Mapping, positionOf: (column: string) => number) {
  const keys = asList(merge?.by).map(positionOf);
  const same = asList(merge?.same).map(positionOf);
  const legAt = merge?.second_leg === undefined ? undefined : positionOf(merge.second_leg);
  const linked = Object.entries(merge?.linked ?? {}).map(([from, to]) => [positionOf(from), positionOf(to)] as const);
  return (fields: Fields, line: number): KeyedTies => {
    const textAt = (position: number) => fields[position] ?? '';
    const found = keys.find((position) => textAt(position) !== '');
    // Names of one pair of columns are none of another's.
    const names = (side: 0 | 1) =>
      linked.flatMap((pair, index) => (textAt(pair[side]) === '' ? [] : [`${index} ${textAt(pair[side])}`]));
    // No column's text begins like this: fields are trimmed.
    const key = found === undefined ? ` line ${line}` : textAt(found);
    const leg = legAt === undefined ? '' : textAt(legAt);
    return {
      key,
      ...(leg !== '' && leg !== key && { secondLeg: leg }),
      same: same.map(textAt),
      leads: names(0),
      led: names(1),
    };
  };
}

/** Ties as they may lie on a disk: texts of the file may be what must not be kept. */
export function hideTies({ same, leads, led }: Ties, hide: (text: string) => string): Ties {
  return {
    same: same.map((text) => (text === '' ? '' : hide(text))),
    leads: leads.map(hide),
    led: led.map(hide),
  };
}
