/** Options of the syncs, read. */
import { InvalidArgumentError } from 'commander';
import type { SyncOptions } from '../../dialers/vicidial/database/syncing.ts';
import { type Overrides, readOverrideKey } from '../../dialers/vicidial/outcome.ts';
import { BadOptions } from '../../errors.ts';
import { outcomes } from '../../tables.ts';
import { readGiven } from '../given-file.ts';
import { readMapFile } from './status-map.ts';

/** The password that a file holds. */
export async function readPassword(path: string): Promise<string> {
  return (await readGiven(path)).toString('utf8').replace(/\r?\n$/, '');
}

/** What a tenant decided about statuses and campaigns. */
export async function readStatusMapping({
  map = [],
  mapFile,
}: {
  map?: string[];
  mapFile?: string;
}): Promise<Pick<SyncOptions, 'overrides' | 'campaigns'>> {
  const file = mapFile === undefined ? { statuses: {}, campaigns: {} } : await readMapFile(mapFile);
  const overrides = new Map<string, (typeof outcomes)[number]>();
  const pairs = [...Object.entries(file.statuses), ...map.map((text) => text.split('=') as [string, string])];
  for (const [name = '', word = ''] of pairs) {
    const outcome = outcomes.find((one) => one === word.trim());
    const key = readOverrideKey(name);
    if (!outcome || !key) {
      throw new BadOptions(
        `--map must look like STATUS=OUTCOME or CAMPAIGN/STATUS=OUTCOME; the outcomes are ${outcomes.join(', ')}.`,
      );
    }
    overrides.set(key, outcome);
  }
  return { overrides: overrides satisfies Overrides, campaigns: file.campaigns };
}

/** Reads a span of time such as 60s, in milliseconds. */
export function readSpan(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,4})([smh])$/.exec(text) ?? [];
  if (!count || !unit) throw new InvalidArgumentError('It must be a number of seconds, minutes or hours, such as 60s.');
  return Number(count) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}

/** Reads a date, or a wall-clock time. */
export function readSince(text: string): string {
  const [, date, time = '00:00:00'] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2}))?$/.exec(text) ?? [];
  if (!date || Number.isNaN(Date.parse(`${date}T${time}Z`)))
    throw new InvalidArgumentError('It must be a date such as 2026-01-01.');
  return `${date} ${time}`;
}
