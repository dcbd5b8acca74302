import { expect, test } from 'vitest';
import { openTokens } from '../../src/access/tokens.ts';
import type { Store } from '../../src/store/store.ts';
import { openWorld } from '../world.ts';

const world = openWorld();

test('what another server ends is seen by looking, and looking costs one small query while nothing changes', async () => {
  let queries = 0;
  const counted: Store = {
    ...world.store,
    query: (statement, options) => {
      queries++;
      return world.store.query(statement, options);
    },
  };
  const [here, there] = [await openTokens(counted, Date.now), await openTokens(world.store, Date.now)];
  const { token, record } = await there.create({ tenantId: world.tenantId, role: 'agent', agentId: 1 });
  expect(here.find(token, Date.now())).toBeUndefined();
  await here.look();
  expect(here.find(token, Date.now())).toMatchObject({ tokenId: record.token_id });
  await there.revoke(world.tenantId, record.token_id);
  await here.look();
  expect(here.find(token, Date.now())).toBeUndefined();
  queries = 0;
  for (let n = 0; n < 5; n++) await here.look();
  expect(queries).toBe(5);
});
