import { importFile } from '../../src/ingest/import.ts';
import { dropLeftovers } from '../../src/ingest/staging.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';

// Imports one file into a store, as a process that can be killed.
const [path = '', file = ''] = process.argv.slice(2);
const store = await openEmbedded({ path });
await migrate(store);
await dropLeftovers(store);
console.log('begun');
await importFile(store, { tenantId: 1, table: 'calls', format: 'csv', path: file, stamp: Date.now() });
console.log('done');
await store.close();
