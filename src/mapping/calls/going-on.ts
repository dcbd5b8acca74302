/** What rows tell of a call's talk beside their columns: seconds of left-out rows, and when talk began. */
import type { Mapping } from '../language/mapping.ts';
import type { Fields, PositionOf } from '../values/conditions.ts';
import { type Making, toMakings } from '../values/makings.ts';
import type { MadeRow } from './part.ts';

/** The seconds that a row which is left out adds to a call that it goes on with. Nothing else of it may be kept. */
export function toGoingOnOf({ merge }: Mapping, makings: readonly Making[]) {
  const added: readonly string[] = merge?.add_linked ?? [];
  const seconds = makings.filter(({ column }) => added.includes(column));
  return (fields: Fields): Record<string, string> | undefined => {
    const row: Record<string, string> = {};
    for (const { column, make } of seconds) {
      const made = make(fields);
      if (typeof made !== 'string') return undefined;
      if (made !== '') row[column] = made;
    }
    return seconds.length > 0 ? row : undefined;
  };
}

/** Reads when the talk of a row began, where it is said. */
export function toTalkFromOf(mapping: Mapping, positionOf: PositionOf) {
  const rule = mapping.merge?.talk_from;
  const making =
    rule === undefined ? [] : toMakings({ ...mapping, columns: { started_at: rule } }, positionOf, undefined);
  return (fields: Fields): Pick<MadeRow, 'talkFrom'> => {
    const made = making[0]?.make(fields) ?? '';
    const ms = Date.parse(typeof made === 'string' ? made : 'text' in made ? made.text : '');
    return Number.isNaN(ms) ? {} : { talkFrom: ms };
  };
}
