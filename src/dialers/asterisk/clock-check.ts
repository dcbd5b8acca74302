/** Guards against a wrong time zone for Asterisk's call records, by the instants that their unique ids are made of. */
import { DialtallyError } from '../../errors.ts';
import type { ReadLocal } from '../local-time.ts';
import type { CdrRow } from './columns.ts';
import { toEpoch } from './lines.ts';

/** Whether the clocks of rows are in the zone that they are read in: their unique ids know when they began. */
export interface ClockCheck {
  see(row: CdrRow): void;
  /** Throws, before anything was ever ingested, when no row fits. */
  assertFits(): void;
  notes(): string[];
}

// Zones are whole quarters of an hour apart. A channel is made some seconds before its row begins, or long before a leg of its call.
const [quarterMs, slackMs, furthestMs] = [900_000, 5000, 26 * 3_600_000];

/** Opens the check of a zone. */
export function openClockCheck(
  readLocal: ReadLocal,
  { zone, isFirst }: { zone: string; isFirst: boolean },
): ClockCheck {
  let [fit, apart] = [0, 0];
  let odd: string | undefined;
  const isWrong = () => apart > fit;
  return {
    see({ uniqueid, calldate }) {
      const [madeAt, local] = [toEpoch(String(uniqueid ?? '')), readLocal(calldate)];
      if (madeAt === undefined || local === undefined) return;
      const ms = Math.abs(local - madeAt);
      const isOffset = Math.abs(ms - Math.round(ms / quarterMs) * quarterMs) <= slackMs;
      if (ms < quarterMs - slackMs) fit++;
      else if (isOffset && ms < furthestMs) {
        apart++;
        odd ??= `${calldate} has the unique id ${uniqueid}`;
      }
    },
    assertFits() {
      if (!isFirst || fit > 0 || apart === 0) return;
      throw new DialtallyError(
        'SOURCE_ZONE_WRONG',
        422,
        `Are Asterisk's clocks really in ${zone}? Of ${apart} rows that were looked at, none fits: one of ${odd}. Nothing was taken in. Name the zone that Asterisk writes its times in with --source-timezone.`,
      );
    },
    notes: () =>
      isWrong() ? [`The clocks of ${apart} of ${fit + apart} rows don't fit ${zone}: is --source-timezone right?`] : [],
  };
}
