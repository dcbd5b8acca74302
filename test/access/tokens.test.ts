import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endSessions } from '../../src/access/end-sessions.ts';
import { openRevocations } from '../../src/access/revocations.ts';
import { openTokens, type Tokens } from '../../src/access/tokens.ts';
import { StoreFull } from '../../src/errors.ts';
import { openStamp } from '../../src/ingest/stamp.ts';
import { sql } from '../../src/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../http/app.ts';

let held: Awaited<ReturnType<typeof openTestStore>>;
const clock = { ms: Date.parse('2026-06-01T08:00:00Z') };
const now = () => clock.ms;
const opened: Awaited<ReturnType<typeof openRevocations>>[] = [];
const openFile = async (name: string) => {
  const revocations = await openRevocations(join(held.directory, name));
  opened.push(revocations);
  return revocations;
};
/** The tokens of a server of its own, whose clock may be wrong. */
const openServer = async (limit = 1000, wrongByMs = 0) =>
  openTokens(held.store, {
    stamp: openStamp(() => clock.ms + wrongByMs),
    now,
    limit,
    revocations: await openFile(`revocations-${opened.length}`),
  });

beforeAll(async () => {
  held = await openTestStore();
});
afterAll(async () => {
  for (const revocations of opened) await revocations.close();
  await held.close();
});

const make = (tokens: Tokens, tenantId: number, expiresAt?: number) =>
  tokens.create({ tenantId, role: 'read_only', expiresAt });

test('what one server makes and ends, another knows when it looks again, whatever their clocks say', async () => {
  const [fast, slow] = [await openServer(1000, 1_800_000), await openServer()];
  const ended: number[] = [];
  slow.listen((id) => ended.push(id));
  const stop = slow.listen((id) => ended.push(-id));
  const one = await make(fast, 1);
  const other = await make(slow, 1);
  await Promise.all([slow.refresh(), fast.refresh()]);
  expect([slow.find(one.token, now()), fast.find(other.token, now())]).toMatchObject([
    { tenantId: 1 },
    { tenantId: 1 },
  ]);
  expect(one.record.token_id).not.toBe(other.record.token_id);

  stop();
  await fast.revoke(0, one.record.token_id);
  expect(ended).toEqual([]);
  await slow.refresh();
  await slow.refresh();
  expect(ended).toEqual([one.record.token_id]);
  expect(slow.find(one.token, now())).toBeUndefined();

  // The server whose clock is behind ends one of the other's, and both know.
  await slow.revoke(1, other.record.token_id);
  await slow.revoke(1, other.record.token_id);
  await fast.refresh();
  expect([fast.find(other.token, now()), slow.find(other.token, now())]).toEqual([undefined, undefined]);
  expect(ended).toEqual([one.record.token_id, other.record.token_id]);
});

test('a tenant has so many good tokens and no more; those that ended make room, and another tenant has its own', async () => {
  const tokens = await openServer(3);
  const [first] = [await make(tokens, 2), await make(tokens, 2), await make(tokens, 2, clock.ms + 60_000)];
  await expect(make(tokens, 2)).rejects.toMatchObject({ code: 'TOO_MANY_TOKENS', status: 409 });
  await make(tokens, 3);
  await tokens.revoke(2, first.record.token_id);
  await make(tokens, 2);
  await expect(make(tokens, 2)).rejects.toThrow('3 tokens');
  clock.ms += 60_000;
  await make(tokens, 2);
  // Also after a restart.
  await expect(make(await openServer(3), 2)).rejects.toThrow('3 tokens');
});

test('a list shows those that are good before those that ended, as many as are asked for, in the order of their ids', async () => {
  const tokens = await openServer(3);
  const listed = async (most: number) =>
    (await tokens.list(2, most)).map(({ token_id, revoked_at, expires_at }) => [
      token_id,
      revoked_at === null && (expires_at === null || Date.parse(expires_at) > clock.ms),
    ]);
  const all = await listed(100);
  expect(all).toHaveLength(5);
  const isInOrder = (ids: unknown[]) => expect(ids).toEqual([...ids].sort((a, b) => Number(a) - Number(b)));
  isInOrder(all.map(([id]) => id));
  expect((await listed(3)).map(([, good]) => good)).toEqual([true, true, true]);
  // The newest of those that ended: the one that expired.
  expect((await listed(4)).filter(([, good]) => !good)).toHaveLength(1);
  expect(await listed(4)).toEqual(all.slice(1));
});

test('a tenant that has more tokens than can be told stops nobody: not itself either, once they end', async () => {
  await held.store.command(
    sql`INSERT INTO tokens (token_hash, token_id, tenant_id, role, created_at, expires_at, version)
      SELECT lower(hex(SHA256(toString(number)))), 1000 + number, 66, 'agent', fromUnixTimestamp64Milli({made:Int64}, 'UTC'), fromUnixTimestamp64Milli({end:Int64}, 'UTC'), 1
      FROM numbers(200000)`.bind({ made: clock.ms, end: clock.ms + 60_000 }),
  );
  const tokens = await openServer();
  await expect(make(tokens, 66)).rejects.toMatchObject({ code: 'TOO_MANY_TOKENS' });
  const { token, record } = await make(tokens, 1);
  expect(record.token_id).toBe(201_000);
  expect(tokens.find(token, now())).toMatchObject({ tenantId: 1, tokenId: 201_000 });
  await tokens.revoke(0, 1000 + 77);
  expect(await tokens.list(66, 1000)).toHaveLength(1000);
  clock.ms += 60_000;
  await make(tokens, 66);
});

test('a revocation that the store can\u2019t take counts at once, outlives the process, and is written when it can be', async () => {
  let isFull = false;
  // The store as it is, on a disk that is full for a while.
  const store: Store = {
    ...held.store,
    insert: async (table, rows, options) => {
      if (isFull) throw new StoreFull();
      await held.store.insert(table, rows, options);
    },
  };
  const open = async () =>
    openTokens(store, { stamp: openStamp(now), now, limit: 1000, revocations: await openFile('revocations') });
  const isRevoked = async (id: number) =>
    (
      await held.store.query(
        sql`SELECT 1 FROM tokens FINAL WHERE token_id = {id:UInt64} AND isNotNull(revoked_at)`.bind({ id }),
      )
    ).length > 0;
  const before = await open();
  const ended: number[] = [];
  before.listen((id) => ended.push(id));
  const [one, other] = [await make(before, 4), await make(before, 4)];
  isFull = true;
  await expect(make(before, 4)).rejects.toMatchObject({ code: 'STORE_FULL' });
  const { revoked_at } = await before.revoke(4, one.record.token_id);
  expect(ended).toEqual([one.record.token_id]);
  await before.refresh();
  expect((await before.revoke(4, one.record.token_id)).revoked_at).toBe(revoked_at);
  expect([before.find(one.token, now()), before.find(other.token, now())]).toMatchObject([undefined, { tenantId: 4 }]);
  expect(await isRevoked(one.record.token_id)).toBe(false);

  // After a restart on a full disk, and when there is room again.
  const after = await open();
  await after.refresh();
  expect([after.find(one.token, now()), after.find(other.token, now())]).toMatchObject([undefined, { tenantId: 4 }]);
  isFull = false;
  await after.refresh();
  expect(await isRevoked(one.record.token_id)).toBe(true);
  expect((await openFile('revocations')).left).toEqual([]);
});

test('a session ends with its token, wherever either was made and ended, and whoever listens hears of both', async () => {
  const [one, other] = [await openServer(), await openServer()];
  const parent = await make(one, 11);
  const { tokenId: ofTokenId } = one.find(parent.token, now()) ?? {};
  const begin = (tokens: Tokens) => tokens.create({ tenantId: 11, role: 'read_only', kind: 'session', ofTokenId });
  const [here, there] = [await begin(one), await begin(other)];
  expect(here.token).toMatch(/^ds_[\w-]{43}$/);
  await one.refresh();
  expect(one.find(there.token, now())).toMatchObject({ kind: 'session', tenantId: 11 });
  const ended: number[] = [];
  other.listen((id) => ended.push(id));
  await one.revoke(11, parent.record.token_id);
  expect([here, there].map(({ token }) => one.find(token, now()))).toEqual([undefined, undefined]);
  await other.refresh();
  expect([here, there].map(({ token }) => other.find(token, now()))).toEqual([undefined, undefined]);
  expect(ended.sort()).toEqual([parent, here, there].map(({ record }) => record.token_id).sort());
  // Nor does a restart bring them back.
  const after = await openServer();
  expect([parent, here, there].map(({ token }) => after.find(token, now()))).toEqual([undefined, undefined, undefined]);
});

test('sessions and links make room for the next by their oldest, and are no tokens of the tenant', async () => {
  const tokens = await openServer(2);
  const parent = await make(tokens, 12);
  const begin = (kind: 'session' | 'link') =>
    tokens.create({
      tenantId: 12,
      role: 'read_only',
      kind,
      ofTokenId: kind === 'link' ? undefined : parent.record.token_id,
    });
  for (const kind of ['session', 'link'] as const) {
    const made = [await begin(kind), await begin(kind), await begin(kind)];
    expect(made.map(({ token }) => tokens.find(token, now())?.kind)).toEqual([undefined, kind, kind]);
  }
  await make(tokens, 12);
  await expect(make(tokens, 12)).rejects.toThrow('2 tokens');
  expect(tokens.find(parent.token, now())).toMatchObject({ kind: 'token' });
});

test('a link is spent once, and one that expired or was spent elsewhere not at all', async () => {
  const [one, other] = [await openServer(), await openServer()];
  const begin = () => one.create({ tenantId: 13, role: 'admin', kind: 'link', expiresAt: clock.ms + 600_000 });
  const { token, record } = await begin();
  expect(token).toMatch(/^dl_[\w-]{43}$/);
  await other.refresh();
  const spent = await Promise.all([1, 2, 3].map(() => one.spend(record.token_id)));
  expect(spent.sort()).toEqual([false, false, true]);
  expect(await other.spend(record.token_id)).toBe(false);
  expect(one.isKnown(token)).toBe(true);
});

test('a store that is made of a backup has no sessions and no links that are good, and all of its tokens', async () => {
  const tokens = await openServer();
  const parent = await make(tokens, 14);
  const made = [
    await tokens.create({ tenantId: 14, role: 'admin', kind: 'session', ofTokenId: parent.record.token_id }),
    await tokens.create({ tenantId: 14, role: 'admin', kind: 'session' }),
    await tokens.create({ tenantId: 14, role: 'admin', kind: 'link' }),
  ];
  await endSessions(held.store, clock.ms);
  const after = await openServer();
  expect(made.map(({ token }) => after.find(token, now()))).toEqual([undefined, undefined, undefined]);
  expect(after.find(parent.token, now())).toMatchObject({ kind: 'token', tenantId: 14 });
  const shown = (await after.list(14, 10)).map(({ kind, revoked_at }) => [kind, revoked_at === null]);
  expect(shown).toEqual([
    ['token', true],
    ['session', false],
    ['session', false],
    ['link', false],
  ]);
});
