/** Readers of files that share no code with what wrote them: python's own csv and XML, and LibreOffice. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A cell of an Excel file as it is stored. */
export interface StoredCell {
  value: string | number | boolean | { odd: string; value: string } | null;
  format: string | null;
  fill: string | null;
}

/** A sheet of an Excel file. */
export interface StoredSheet {
  name: string;
  cells: Record<string, StoredCell>;
  frozen: string | null;
  filter: string | null;
  widths: number[];
  rules: [range: string, type: string][];
  drawings: number;
}

/** An Excel file. */
export interface StoredBook {
  sheets: StoredSheet[];
  charts: string[];
}

/** A sheet as LibreOffice has it: what each cell holds, and what it shows. */
export interface OpenedBook {
  sheets: { name: string; rows: { kind: string | null; value: string | null; shown: string }[][] }[];
  formats: number;
  charts: number;
}

const script = fileURLToPath(new URL('read-files.py', import.meta.url));

/** Why files can't be read back on this machine, with the remedy, or undefined when they can. */
export function pythonMissing(): string | undefined {
  return spawnSync('python3', ['--version']).error ? 'python3 was not found: install python3' : undefined;
}

/** Why files can't be opened in LibreOffice on this machine, with the remedy, or undefined when they can. */
export function officeMissing(): string | undefined {
  const missing = spawnSync('soffice', ['--version']).error;
  return missing ? 'soffice was not found: install libreoffice-calc' : pythonMissing();
}

function read<Found>(kind: string, files: readonly (readonly string[])[]): Found[] {
  const done = spawnSync('python3', [script], {
    input: JSON.stringify({ kind, files }),
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  if (done.status !== 0) throw new Error(done.stderr || String(done.error));
  return JSON.parse(done.stdout) as Found[];
}

/** The records of CSV texts. */
export function readCsvs(texts: readonly string[], delimiter = ','): string[][][] {
  return read(
    'csv',
    texts.map((text) => [text, delimiter]),
  );
}

/** What Excel files hold. Throws when a part of one is no XML, or a relation leads nowhere. */
export function readBooks(files: readonly Uint8Array[]): StoredBook[] {
  return inFolder(files, (paths) =>
    read(
      'xlsx',
      paths.map((path) => [path]),
    ),
  );
}

/** Excel files as LibreOffice opens them. */
export function openBooks(files: readonly Uint8Array[]): OpenedBook[] {
  return inFolder(files, (paths, folder) => {
    const done = spawnSync(
      'soffice',
      [
        '--headless',
        `-env:UserInstallation=file://${folder}/profile`,
        '--convert-to',
        'fods',
        '--outdir',
        folder,
        ...paths,
      ],
      { encoding: 'utf8', timeout: 300_000 },
    );
    if (done.status !== 0) throw new Error(done.stderr || String(done.error));
    return read(
      'fods',
      paths.map((path) => [path.replace(/xlsx$/, 'fods')]),
    );
  });
}

/** The formulas that LibreOffice makes of a CSV text when it cuts at these characters, all of them at once. */
export function formulasIn(csv: string, cutAt: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'dialtally-files-'));
  try {
    writeFileSync(join(folder, 'file.csv'), csv);
    const separators = [...cutAt].map((character) => character.charCodeAt(0)).join('/');
    // UTF-8 from the first line on, numbers and formulas as in a file that somebody opens.
    const filter = `Text - txt - csv (StarCalc):${separators},34,76,1,,0,false,true,false,false,false,,true`;
    const done = spawnSync(
      'soffice',
      [
        '--headless',
        `-env:UserInstallation=file://${folder}/profile`,
        `--infilter=${filter}`,
        '--convert-to',
        'fods',
        '--outdir',
        folder,
        join(folder, 'file.csv'),
      ],
      { encoding: 'utf8', timeout: 300_000 },
    );
    if (done.status !== 0) throw new Error(done.stderr || String(done.error));
    return [...readFileSync(join(folder, 'file.fods'), 'utf8').matchAll(/table:formula="([^"]*)"/g)].map(
      ([, formula = '']) => formula,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The two names of `Content-Disposition` headers. */
export function readDispositions(headers: readonly string[]): { extended: string; plain: string }[] {
  return read(
    'disposition',
    headers.map((header) => [header]),
  );
}

function inFolder<Found>(files: readonly Uint8Array[], work: (paths: string[], folder: string) => Found): Found {
  const folder = mkdtempSync(join(tmpdir(), 'dialtally-files-'));
  try {
    const paths = files.map((file, index) => {
      const path = join(folder, `${index}.xlsx`);
      writeFileSync(path, file);
      return path;
    });
    return work(paths, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
