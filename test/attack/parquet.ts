import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Fifty teams in gzip pages, the unpacked length of one of which was changed: the engine's decoder turns for ever. */
export const hangingParquet = readFileSync(join(import.meta.dirname, 'hanging.parquet'));
