/** What backup and restore say of how far they are, and of what they did. */
import type { Manifest } from '../../backup/manifest.ts';
import { grouped } from './progress.ts';

/** How far a backup or a restore is: `writing  41 %  120 MB of 291 MB`. */
export function toStep(step: string, done?: number, total?: number): string {
  if (!done || !total) return step;
  return `${step}  ${Math.min(100, Math.floor((done / total) * 100))} %  ${megabytes(done)} of ${megabytes(total)}`;
}

/** What a backup holds, and how long it took: `5,000,000 rows in 12 tables, 291 MB, in 3.2 s`. */
export function toSummary({ tables, bytes }: Manifest, startedAt: number): string {
  const counts = Object.values(tables).map(({ rows }) => rows);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  return `${grouped(rows)} rows in ${counts.length} tables, ${megabytes(bytes)}, in ${seconds} s`;
}

const megabytes = (bytes: number) => `${grouped(Math.ceil(bytes / 1e6))} MB`;
