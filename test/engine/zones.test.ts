import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { offsetsIn, toLocal } from '../../src/engine/local-time.ts';
import { sql } from '../../src/sql.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { findZone } from '../../src/zones.ts';

let directory: string;
let store: Store;
let known: string[];
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'dialtally-zones-'));
  store = await openEmbedded({ path: directory });
  const rows = await store.query<{ time_zone: string }>(sql`SELECT time_zone FROM system.time_zones`);
  // A placeholder of the database's, which no clock goes by.
  const names = rows.map((row) => row.time_zone).filter((name) => name !== 'Factory');
  known = [...new Set([...names, ...Intl.supportedValuesOf('timeZone')])];
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('the name of a zone', () => {
  test('is every zone and link that the store or this process knows, as it is spelled, in any case', () => {
    expect(known.length).toBeGreaterThan(590);
    expect(known).toContain('America/Coyhaique');
    for (const name of known) {
      expect(findZone(name)).toBe(name);
      expect(findZone(name.toLowerCase())).toBe(name);
      expect(findZone(name.toUpperCase())).toBe(name);
    }
  });

  test.each([
    ...['', '+07:00', '-05:00', 'UTC+7', 'GMT+7', 'Z', 'PST', 'IST', 'CST', 'SystemV/PST8', 'Factory', 'localtime'],
    ...[
      'posixrules',
      'posix/UTC',
      'right/UTC',
      '../UTC',
      'Asia',
      'Asia/',
      'Nowhere/At_All',
      '__proto__',
      'constructor',
    ],
    ...['Asia/Ho Chi Minh', 'UTC\u0000', ' UTC', "UTC'", 'Asıa/Tokyo', 'ＵＴＣ'],
  ])('is not %j', (name) => {
    expect(findZone(name)).toBeUndefined();
  });
});

/** What the clock of a zone shows, by `Intl` alone. */
function toClock(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('sv', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return (ms) => format.format(ms);
}

describe('the local time of an instant', () => {
  /** What the store makes of instants in each zone, and what `Intl` shows. */
  async function compare(
    zones: readonly string[],
    span: { from: number; to: number },
    instantsOf: (zone: string) => number[],
  ) {
    const found: [string, string[]][] = [];
    const shown: [string, string[]][] = [];
    for (const zone of zones) {
      const instants = instantsOf(zone);
      const local = toLocal(sql`fromUnixTimestamp64Milli(ms, 'UTC')`, zone, span);
      const rows = await store.query<{ clock: string }>(
        sql`SELECT formatDateTime(${local}, '%F %T') AS clock FROM (SELECT arrayJoin({instants:Array(Int64)}) AS ms)`.bind(
          {
            instants,
          },
        ),
      );
      found.push([zone, rows.map((row) => row.clock)]);
      shown.push([zone, instants.map(toClock(zone))]);
    }
    return { found, shown };
  }

  const year = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2027, 0, 1) };

  test('is what its clocks show around every change of 2026, in every zone and link', async () => {
    const changes = (zone: string) => offsetsIn(zone, year).map(({ from }) => from);
    const around = (zone: string) =>
      changes(zone).flatMap((at) => [-86_400_000, -3_600_000, -1, 0, 1, 3_599_999, 86_400_000].map((ms) => at + ms));
    const within = (zone: string) => around(zone).filter((at) => at >= year.from && at < year.to);
    expect(known.filter((zone) => changes(zone).length > 1).length).toBeGreaterThan(150);
    const { found, shown } = await compare(known, year, within);
    expect(found).toEqual(shown);
  }, 120_000);

  test('is that of a zone which the store does not list', async () => {
    const winters = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2026, 8, 1) };
    const instants = () => [winters.from, Date.UTC(2025, 5, 1), Date.UTC(2026, 6, 1)];
    const { found, shown } = await compare(['America/Coyhaique'], winters, instants);
    expect(found).toEqual(shown);
  });

  test('is right to the second where a zone\u2019s offset has seconds', async () => {
    const early = { from: Date.UTC(1971, 0, 1), to: Date.UTC(1973, 0, 1) };
    const instants = () => [early.from, Date.UTC(1972, 0, 7), Date.UTC(1972, 0, 8)];
    const { found, shown } = await compare(['Africa/Monrovia'], early, instants);
    expect(found).toEqual(shown);
  });
});
