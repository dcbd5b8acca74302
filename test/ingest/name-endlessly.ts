import { idsOf } from '../../src/ingest/names.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';

// Names one lead after another and says each id, until the process is killed.
const [path = '', run = ''] = process.argv.slice(2);
const store = await openEmbedded({ path });
await migrate(store);
for (let number = 0; ; number++) {
  const names = [`${run}-${number}a`, `${run}-${number}b`];
  const ids = await idsOf(store, 1, 'lead', names);
  console.log(names.map((name) => `${name}=${ids.get(name)}`).join('\n'));
}
