import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readMapFile } from '../../src/cli/sync/status-map.ts';
import { emptyDirectory } from './command-line.ts';

/** Reads a file with this in it. */
const read = (content: unknown) => {
  const path = join(emptyDirectory(), 'map.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readMapFile(path);
};

test('statuses and columns of campaigns are read as they are', async () => {
  const good = {
    statuses: { PDROP: 'abandoned', 'TELE/PM': 'machine' },
    campaigns: { abandon_basis: 'live_answers', abandon_limit_pct: 2.5, abandon_window_minutes: '1440' },
  };
  expect(await read(good)).toEqual(good);
  expect(await read({})).toEqual({ statuses: {}, campaigns: {} });
});

describe('what can’t be used is told by its place', () => {
  test.each([
    ['', 'must hold JSON such as'],
    ['[]', 'must hold JSON such as'],
    [{ status: { A: 'busy' } }, 'status: There may be statuses and campaigns.'],
    [{ statuses: { A: 'b' } }, 'statuses.A: It must be one of answered, abandoned'],
    [{ statuses: { 'A/B/C': 'busy' } }, 'statuses.A/B/C: It must be a STATUS or a CAMPAIGN/STATUS.'],
    [{ statuses: 'PDROP' }, 'statuses: It must be an object'],
    [{ campaigns: { abandon_limits_pct: 1 } }, 'campaigns.abandon_limits_pct: There may be abandon_limit_pct'],
    [{ campaigns: { name: 'All' } }, 'campaigns.name: There may be'],
    [{ campaigns: { toString: 'x' } }, 'campaigns.toString: There may be'],
    [{ campaigns: { abandon_limit_pct: 100 } }, 'campaigns.abandon_limit_pct: It must be a number from 0 to below 100'],
    [
      { campaigns: { abandon_window_minutes: 0 } },
      'campaigns.abandon_window_minutes: It must be a whole number from 1',
    ],
    [{ campaigns: { abandon_basis: 'dials' } }, 'campaigns.abandon_basis: It must be one of attempts, live_answers.'],
  ])('%j', async (content, fault) => {
    await expect(read(content)).rejects.toThrow(fault);
    await expect(read(content)).rejects.toThrow('map.json can\u2019t be used');
  });

  test('all of it at once', async () => {
    const spoilt = { x: 1, statuses: { A: 'b', B: 'busy' }, campaigns: { abandon_limit_pct: -1 } };
    await expect(read(spoilt)).rejects.toThrow(/x: .*\n.*statuses\.A: .*\n.*campaigns\.abandon_limit_pct: /);
  });
});
