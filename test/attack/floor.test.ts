import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Floor, openFloor } from './floor.ts';

let floor: Floor;
beforeAll(async () => {
  floor = await openFloor();
});
afterAll(() => floor.close());

test('on a quiet floor every dashboard is right, and a token can be ended', async () => {
  const watched = await floor.during(() => floor.revokesTokens());
  expect(watched.failed).toEqual([]);
  expect(floor.lives()).toBe(true);
});
