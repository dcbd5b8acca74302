/** Asks a dialer's database what time it is there, and in which zone. */
import type { Database } from './database.ts';

/** The source's clock: its zone when it can be known, and its wall clock now. */
export async function readClock({ rows }: Pick<Database, 'rows'>): Promise<{ zone: string | undefined; now: string }> {
  const [found] = await rows<{ zone: string; system: string }>(
    'SELECT @@global.time_zone AS zone, @@global.system_time_zone AS system',
  );
  const zone = found?.zone === 'SYSTEM' ? found.system : found?.zone;
  const [clock] = await rows<{ now: string }>('SELECT UTC_TIMESTAMP() AS now');
  // What the system calls its zone is mostly short for several (EST, CST): only what is plain is believed.
  const isPlain = zone === 'UTC' || zone?.includes('/') || /^[-+]\d{2}:\d{2}$/.test(zone ?? '');
  return { zone: isPlain ? zone : undefined, now: clock?.now ?? '' };
}
