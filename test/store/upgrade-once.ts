import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Store } from '../../src/store/store.ts';

// Upgrades a store, as a process that is killed before, within or after its first statement that begins so.
const [path = '', when = '', start = ''] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');
const store = await openEmbedded({ path });
const mortal: Store = {
  ...store,
  async command(statement, options) {
    const isFatal = start !== '' && new RegExp(`^${start}`).test(statement.text);
    if (isFatal && when === 'before') die();
    const running = store.command(statement, options);
    if (isFatal && when === 'within') setTimeout(die, 3);
    await running;
    if (isFatal && when === 'after') die();
  },
};
await migrate(mortal, { say: console.log });
await store.close();
console.log('done');
