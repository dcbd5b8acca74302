import { expect, test } from 'vitest';
import { FairQueue, type Lease } from '../../src/store/fair-queue.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A queue of numbered places, and a note of who was served in which order. */
function open(places: number, limits: { share: number; waitMs?: number; waiting?: number }) {
  const queue = new FairQueue(
    Array.from({ length: places }, (_, place) => place),
    limits,
  );
  const served: (number | undefined)[] = [];
  const leases: Lease<number>[] = [];
  return {
    served,
    async ask(tenantId?: number, signal?: AbortSignal) {
      const lease = await queue.take({ tenantId, signal });
      served.push(tenantId);
      leases.push(lease);
    },
    /** Gives the oldest lease back, and lets whoever is next have it. */
    async done() {
      await settled();
      leases.shift()?.giveBack();
      await settled();
    },
  };
}

test('tenants take turns, whoever came first within each', async () => {
  const line = open(1, { share: 1 });
  for (const tenant of [1, 1, 1, 1, 2, 2, 3]) void line.ask(tenant);
  for (let n = 0; n < 7; n++) await line.done();
  expect(line.served).toEqual([1, 2, 3, 1, 2, 1, 1]);
});

test('a tenant has no more than its share, also when nobody else asks; the server’s own work has no limit', async () => {
  const line = open(4, { share: 2 });
  for (let n = 0; n < 5; n++) void line.ask(1);
  await line.done();
  expect(line.served).toEqual([1, 1, 1]);
  await line.ask(2);
  for (let n = 0; n < 3; n++) void line.ask();
  await settled();
  expect(line.served).toEqual([1, 1, 1, 2, undefined]);
});

test('a full line is full for its tenant alone', async () => {
  const line = open(1, { share: 1, waiting: 2 });
  await line.ask(1);
  for (let n = 0; n < 2; n++) void line.ask(1);
  await expect(line.ask(1)).rejects.toMatchObject({ code: 'STORE_BUSY', status: 503 });
  void line.ask(2);
  await line.done();
  expect(line.served).toEqual([1, 2]);
});

test('whoever waits too long is told so, and whoever leaves is out of the line', async () => {
  const line = open(1, { share: 1, waitMs: 20 });
  await line.ask(1);
  await expect(line.ask(2)).rejects.toMatchObject({ code: 'STORE_BUSY' });
  const leaving = new AbortController();
  const left = line.ask(3, leaving.signal);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
  await expect(line.ask(4, leaving.signal)).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
  // The server's own waits as long as it takes.
  const own = line.ask();
  await new Promise((resolve) => setTimeout(resolve, 40));
  await line.done();
  await own;
  expect(line.served).toEqual([1, undefined]);
});
