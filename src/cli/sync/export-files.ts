/** `dialtally sync vicidial --export`: the files of VICIdial's call export page. */
import { basename } from 'node:path';
import { ingestExport } from '../../dialers/vicidial/export/ingest-export.ts';
import { openText } from '../../dialers/vicidial/export/text.ts';
import type { Credit } from '../../dialers/vicidial/transfers.ts';
import { BadOptions, DialtallyError } from '../../errors.ts';
import { assertText } from '../../ingest/layout.ts';
import { findZone } from '../../zones.ts';
import { assertFile } from '../files/find-files.ts';
import { type DoorOptions, tenantAt, through } from '../server/door.ts';
import { print } from '../show/print.ts';
import { openProgress } from '../show/progress.ts';
import { sumOfTables } from '../show/sync-tally.ts';
import { toExportReport } from '../show/vicidial-report.ts';
import { readStatusMapping } from './options.ts';
import { openTarget, withFiles } from './target.ts';

interface Options extends DoorOptions {
  tenant?: number;
  source?: string;
  every?: number;
  sourceTimezone?: string;
  encoding?: string;
  credit?: Credit;
  map?: string[];
  mapFile?: string;
}

/** Takes call export files in, each with its reconciliation. */
export async function ingestExports(paths: readonly string[], options: Options): Promise<void> {
  const { sourceTimezone: zone, source, every, encoding, credit } = options;
  if (source !== undefined || every !== undefined)
    throw new BadOptions('--export reads files: leave --source and --every out.');
  if (!zone || !findZone(zone)) {
    throw new BadOptions('An export has wall clocks alone. Name their zone: --source-timezone America/New_York');
  }
  openText(encoding);
  for (const path of paths) await assertExport(path);
  const { overrides } = await readStatusMapping(options);
  const progress = openProgress();
  try {
    await through(options, async (door) => {
      const target = openTarget(door, await tenantAt(door, options.tenant), 'vicidial export');
      for (const path of paths) {
        const onProgress = (text: string) => progress.show(`${basename(path)}  ${text}`);
        const take = (directory: string) =>
          ingestExport(target, { path, zone, encoding, credit, overrides, directory, onProgress });
        const result = await withFiles(door, take);
        progress.clear();
        print(`${toExportReport(basename(path), result, options.url)}\n`);
        if (sumOfTables(result.tally.ingested, 'refused') > 0) process.exitCode = 2;
      }
    });
  } finally {
    progress.clear();
  }
}

/** Throws BAD_FILE, before any file is taken in, for one that is none, or no text. */
async function assertExport(path: string): Promise<void> {
  await assertFile(path);
  await assertText(path).catch((error: Error) => {
    throw new DialtallyError('BAD_FILE', 422, `${path} is no call export. ${error.message}`);
  });
}
