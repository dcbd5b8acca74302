import { openImporter } from '../../src/ingest/importer.ts';
import { ingestFile } from '../../src/ingest/ingest-file.ts';
import { sql } from '../../src/sql.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate, readMigrations } from '../../src/store/migrate.ts';

// Takes files of calls into a store whose calls have one more column, and says of each what the answer was and how many of its
// rows count afterwards.
const [path = '', ...files] = process.argv.slice(2);
const store = await openEmbedded({ path });
const addNote = {
  number: 9001,
  file: '9001-note.sql',
  statements: ['ALTER TABLE calls ADD COLUMN IF NOT EXISTS note String'],
};
await migrate(store, { migrations: [...readMigrations(), addNote] });
const importer = openImporter(store, { directory: `${path}-uploads` });
for (const file of files) {
  const [, tenant, note] = /(\d+)-(\w+)\.ndjson$/.exec(file) ?? [];
  const values = { tenant: Number(tenant), note: note ?? '' };
  const { taken_in, refused } = await ingestFile(importer, {
    tenantId: values.tenant,
    table: 'calls',
    format: 'ndjson',
    path: file,
    stamp: Date.now(),
  });
  const [counting] = await store.query<{ calls: number; won: number; rows: string }>(
    sql`SELECT count() AS calls, countIf(note = {note:String}) AS won, toString(groupBitXor(cityHash64(tuple(* EXCEPT tenant_id)))) AS rows
      FROM calls FINAL WHERE tenant_id = {tenant:UInt64}`.bind(values),
  );
  console.log(JSON.stringify({ note, taken_in, refused, ...counting }));
}
await importer.close();
await store.close();
