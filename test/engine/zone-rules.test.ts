import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { reportOf, takesDates, variantsOf } from '../questions.ts';

/** A zone of summer time for one whose rules the store knows otherwise: as when its copy of them is of another year. */
vi.hoisted(() => {
  const Own = Intl.DateTimeFormat;
  const changed = (options?: Intl.DateTimeFormatOptions) =>
    options?.timeZone?.toLowerCase() === 'asia/tokyo' ? { ...options, timeZone: 'America/New_York' } : options;
  Intl.DateTimeFormat = new Proxy(Own, {
    construct: (target, [locale, options]) => new target(locale, changed(options)),
    apply: (target, _self, [locale, options]) => target(locale, changed(options)),
  });
});

const { answer, readQuestion } = await import('../../src/engine/run.ts');
const { openImporter } = await import('../../src/ingest/importer.ts');
const { ingestFile } = await import('../../src/ingest/ingest-file.ts');
const { reports } = await import('../../src/reports/index.ts');
const { openEmbedded } = await import('../../src/store/embedded.ts');
const { migrate } = await import('../../src/store/migrate.ts');

test('days, hours and labels of a zone whose rules were changed are all by the same rules', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'dialtally-rules-'));
  const store = await openEmbedded({ path: join(directory, 'store') });
  const importer = openImporter(store, { directory: join(directory, 'sending') });
  try {
    await migrate(store);
    const file = join(directory, 'calls.csv');
    // A call every half hour of four days, in which New York's clocks are set back.
    const first = Date.UTC(2026, 9, 31);
    const rows = Array.from(
      { length: 4 * 48 },
      (_, at) => `c${at},1,${new Date(first + at * 1_800_000).toISOString()},busy`,
    );
    writeFileSync(file, ['call_id,campaign_id,started_at,outcome', ...rows].join('\n'));
    await ingestFile(importer, {
      tenantId: 1,
      table: 'calls',
      format: 'csv',
      path: file,
      stamp: Date.UTC(2026, 10, 3),
    });
    const ask = async (name: string, timezone: string, more: Record<string, string> = {}) => {
      const now = Date.UTC(2026, 11, 1);
      const params = { date_from: '2026-10-31', date_to: '2026-11-02', timezone, ...more };
      const question = readQuestion(reportOf(name), params, { now });
      const context = { tenantId: 1, now, query: (statement: never) => store.query(statement) };
      return (await answer(question, context as never)).data;
    };
    for (const report of reports.filter(takesDates)) {
      for (const own of variantsOf(report)) {
        expect(await ask(report.name, 'Asia/Tokyo', own)).toEqual(await ask(report.name, 'America/New_York', own));
      }
    }
    for (const [name, more] of [
      ['dashboard', {}],
      ['time-series', { group_by: 'day' }],
      ['time-series', { group_by: 'hour' }],
      ['hour-dow-heatmap', {}],
    ] as const) {
      const tokyo = await ask(name, 'Asia/Tokyo', more);
      expect(tokyo).not.toEqual(await ask(name, 'Asia/Seoul', more));
    }
  } finally {
    await importer.close();
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}, 60_000);
