import { openImporter } from '../../src/ingest/importer.ts';
import { ingestFile } from '../../src/ingest/ingest-file.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { dropLeftovers } from '../../src/store/leftovers.ts';
import { migrate } from '../../src/store/migrate.ts';

// Imports one file into a store, as a process that can be killed.
const [path = '', file = ''] = process.argv.slice(2);
const store = await openEmbedded({ path });
await migrate(store);
await dropLeftovers(store);
console.log('begun');
const importer = openImporter(store, { directory: `${path}-uploads` });
await ingestFile(importer, { tenantId: 1, table: 'calls', format: 'csv', path: file, stamp: Date.now() });
console.log('done');
await importer.close();
await store.close();
