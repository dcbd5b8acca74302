import { expect, test } from 'vitest';
import { openSettings } from '../../src/access/settings.ts';
import { defaultSettings } from '../../src/engine/settings.ts';
import { InvalidParams } from '../../src/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { openWorld } from '../world.ts';

const world = openWorld();

const noon = Date.parse('2026-06-10T12:00:00Z');
const ever = { from: 0, to: noon * 2, limit: 100 };

/** A server's settings, on the one store of these stories, with a watch that only the story moves. */
function openServer(clock = noon) {
  let elapsedMs = 0;
  let last = clock;
  const settings = openSettings(world.store, () => last++, { maxAgeMs: 2000, elapsed: () => elapsedMs });
  return { settings, wait: (ms: number) => (elapsedMs += ms) };
}

const admin = () => ({ tenantId: world.tenantId, tokenId: 7, role: 'admin' as const });

test('a tenant has the defaults until it says otherwise, and keeps the rest of them then', async () => {
  const { settings } = openServer();
  expect(await settings.of(world.tenantId)).toEqual(defaultSettings);
  const changed = { ...defaultSettings, health: { ...defaultSettings.health, warn_rejected_pct: 7.25 } };
  expect(await settings.set(admin(), { health: { warn_rejected_pct: 7.25 } })).toEqual(changed);
  expect(await settings.of(world.tenantId)).toEqual(changed);
  expect(await settings.of(world.tenantId + 1_000_000)).toEqual(defaultSettings);
});

test('all of them can be sent back as they were read', async () => {
  const { settings } = openServer();
  const own = { ...defaultSettings, meaningful_talk_sec: 12, abandon_alert_min_attempts: 1 };
  expect(await settings.set(admin(), own)).toEqual(own);
  expect(await settings.set(admin(), own)).toEqual(own);
  expect(await settings.changes(world.tenantId, ever)).toHaveLength(2);
});

test('who changed what, and when, newest first; what stays the same is no change', async () => {
  const { settings } = openServer();
  await settings.set(admin(), { meaningful_talk_sec: 20, health: { min_dials: 20 } });
  await settings.set({ tenantId: world.tenantId, role: 'operator' }, { meaningful_talk_sec: 25 });
  expect(await settings.changes(world.tenantId, ever)).toEqual([
    {
      name: 'meaningful_talk_sec',
      old_value: 20,
      new_value: 25,
      token_id: null,
      role: 'operator',
      changed_at: '2026-06-10T12:00:00.001Z',
    },
    {
      name: 'meaningful_talk_sec',
      old_value: 30,
      new_value: 20,
      token_id: 7,
      role: 'admin',
      changed_at: '2026-06-10T12:00:00.000Z',
    },
  ]);
  expect(await settings.changes(world.tenantId, { ...ever, limit: 1 })).toHaveLength(1);
  expect(await settings.changes(world.tenantId, { ...ever, to: noon + 1 })).toHaveLength(1);
  expect(await settings.changes(world.tenantId + 1_000_000, ever)).toEqual([]);
});

test('the server that changed it sees it at once, another one within two seconds', async () => {
  const [one, other] = [openServer(), openServer()];
  expect(await other.settings.of(world.tenantId)).toEqual(defaultSettings);
  await one.settings.set(admin(), { meaningful_talk_sec: 5 });
  expect(await one.settings.of(world.tenantId)).toMatchObject({ meaningful_talk_sec: 5 });
  other.wait(1999);
  expect(await other.settings.of(world.tenantId)).toEqual(defaultSettings);
  other.wait(1);
  expect(await other.settings.of(world.tenantId)).toMatchObject({ meaningful_talk_sec: 5 });
});

test('the last change holds, also when it was made where the clock is behind', async () => {
  const ahead = openServer(noon + 60_000);
  await ahead.settings.set(admin(), { meaningful_talk_sec: 5 });
  const behind = openServer(noon);
  await behind.settings.set(admin(), { meaningful_talk_sec: 6 });
  ahead.wait(2000);
  expect(await ahead.settings.of(world.tenantId)).toMatchObject({ meaningful_talk_sec: 6 });
});

test('changes at the same time are made one after another, and none is lost', async () => {
  const { settings } = openServer();
  await Promise.all([
    settings.set(admin(), { meaningful_talk_sec: 5 }),
    settings.set(admin(), { abandon_alert_min_attempts: 6 }),
    settings.set(admin(), { health: { min_dials: 7 } }),
    settings.set(admin(), { health: { min_dials: 0 } }).catch(() => {}),
    settings.set(admin(), { health: { baseline_days: 8 } }),
  ]);
  const { settings: restarted } = openServer();
  for (const one of [settings, restarted]) {
    expect(await one.of(world.tenantId)).toEqual({
      meaningful_talk_sec: 5,
      abandon_alert_min_attempts: 6,
      health: { ...defaultSettings.health, min_dials: 7, baseline_days: 8 },
    });
  }
});

test('one bad setting, and nothing is changed', async () => {
  const { settings } = openServer();
  await expect(settings.set(admin(), { meaningful_talk_sec: 5, health: { min_dials: 0 } })).rejects.toThrow(
    InvalidParams,
  );
  expect(await settings.of(world.tenantId)).toEqual(defaultSettings);
  expect(await settings.changes(world.tenantId, ever)).toEqual([]);
});

test('many askers at once cost one query', async () => {
  let queries = 0;
  const counting: Store = {
    ...world.store,
    query: (statement) => {
      queries++;
      return world.store.query(statement);
    },
  };
  const settings = openSettings(counting, () => noon);
  await Promise.all(Array.from({ length: 50 }, () => settings.of(world.tenantId)));
  expect(queries).toBe(1);
});
