import { statfs } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DiskPlace, openRoom } from '../../src/store/room.ts';
import { openTestStore } from '../http/app.ts';

let held: Awaited<ReturnType<typeof openTestStore>>;
beforeAll(async () => {
  held = await openTestStore();
});
afterAll(() => held.close());

const mb = 1024 ** 2;
/** Room on this disk as if only so much were left beyond what is kept back. */
async function openRoomOf(leftBytes: number) {
  const { bavail, bsize } = await statfs(held.directory);
  return openRoom({ directory: held.directory, store: held.store, reserveBytes: bavail * bsize - leftBytes });
}

/** How much a body may take, in steps of 10 MB, before it is told off. */
async function fill(place: DiskPlace): Promise<{ megabytes: number; code: string }> {
  for (let megabytes = 0; ; megabytes += 10) {
    try {
      await place.take(10 * mb);
    } catch (error) {
      return { megabytes, code: (error as { code: string }).code };
    }
  }
}

// The disk is everybody's: the figures below hold within what others write to it meanwhile.
test('a tenant’s bodies take half of the room at most, and another tenant’s find the rest', async () => {
  const room = await openRoomOf(20_000 * mb);
  const [one, other, theirs] = [room.openPlace(66), room.openPlace(66), room.openPlace(1)];
  const first = await fill(one);
  expect(first.code).toBe('STORE_FULL');
  expect(first.megabytes).toBeGreaterThan(9000);
  expect(first.megabytes).toBeLessThan(11_000);
  expect(await fill(other)).toEqual({ megabytes: 0, code: 'INGEST_BUSY' });
  await room.assertFree();
  expect((await fill(theirs)).megabytes).toBeGreaterThan(8000);
  one.close();
  theirs.close();
});

test('a body that is gone gives its room back', async () => {
  const room = await openRoomOf(20_000 * mb);
  for (let times = 0; times < 3; times++) {
    const place = room.openPlace(66);
    expect((await fill(place)).megabytes).toBeGreaterThan(4000);
    place.close();
    place.close();
    // It is looked at again.
    await new Promise((resolve) => setTimeout(resolve, 1100));
  }
});

test('what is kept back is kept: with less than that nothing is begun', async () => {
  const room = await openRoomOf(-1000 * mb);
  await expect(room.assertFree()).rejects.toMatchObject({ code: 'STORE_FULL', status: 503 });
  await expect(room.openPlace(1).take(1)).rejects.toMatchObject({ code: 'STORE_FULL' });
});
