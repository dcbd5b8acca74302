/** Refuses a source whose time zone nobody has said, or that is not known here. */
import { BadOptions } from '../errors.ts';
import { findZone } from '../zones.ts';

/** Throws BadOptions unless it is the name of a time zone that is known here. */
export function assertKnownZone(zone: string | undefined): asserts zone is string {
  if (zone && findZone(zone)) return;
  const why = zone
    ? `There is no time zone ${JSON.stringify(zone)}.`
    : 'The database does not say in which time zone its wall clocks are.';
  throw new BadOptions(`${why} Name it: --source-timezone America/New_York`);
}
