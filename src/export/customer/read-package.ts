/** Reads one customer's directory, its JSON file and the pictures that it names, and tells all that is wrong. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { type Fault, type Place, type PlacedFault, toJsonPath } from '../../document/fault.ts';
import { type Broken, parseDocument } from '../../document/parse.ts';
import { repeatedNames } from '../../document/repeated-names.ts';
import type { Report } from '../../engine/report.ts';
import type { CustomerPackage } from './package.ts';
import { packageFaults } from './package-faults.ts';
import { faultInPng } from './png.ts';
import { textFormats } from './text-formats.ts';

/** A customer's package that was read. */
export interface Customer {
  directory: string;
  file: string;
  content: CustomerPackage;
  /** The pictures by the path that the package writes. */
  logos: ReadonlyMap<string, Uint8Array>;
}

/** A package, or all that is wrong with it. */
export type ReadCustomer = { customer: Customer; faults: [] } | { customer?: never; faults: Fault[] };

/** The name of the file in a customer's directory. */
export const customerFile = 'customer.json';

/** Reads directories against the catalogue: each is a package, or all that is wrong with it. */
export function openPackageReader(reports: readonly Report[]): (directory: string) => Promise<ReadCustomer> {
  return async (directory) => {
    // Schemas take long to load: a server without packages does not wait for them.
    const { openSchemaCheck } = await import('./schema-faults.ts');
    const schemaFaults = openSchemaCheck(reports);
    const file = join(directory, customerFile);
    const text = await readText(directory, file);
    const parsed = typeof text === 'string' ? parseDocument(text) : text;
    if ('message' in parsed) return { faults: [{ file, ...parsed }] };
    const { content } = parsed;
    const logos = await readLogos(directory, content);
    const placed = [
      ...repeatedNames(text as string).map((place) => ({ place, message: 'The name stands here twice. Keep one.' })),
      ...schemaFaults(content),
      ...packageFaults(content, reports),
      ...logos.faults,
    ];
    if (placed.length > 0) {
      return { faults: placed.map(({ place, message }) => ({ file, path: toJsonPath(place), message })) };
    }
    return { customer: { directory, file, content: content as CustomerPackage, logos: logos.found }, faults: [] };
  };
}

async function readText(directory: string, file: string): Promise<string | Broken> {
  try {
    const bytes = await readFile(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof TypeError) return { path: '$', message: 'It is not UTF-8. Save it as UTF-8.' };
    const isThere = await stat(directory).catch(() => undefined);
    const message = !isThere
      ? `There is no directory ${directory}. Name a customer\u2019s directory.`
      : !isThere.isDirectory()
        ? `${directory} is a file. Name the directory that holds ${customerFile}.`
        : code === 'ENOENT'
          ? `There is no ${customerFile} in ${directory}. Write one, or name another directory.`
          : `It can\u2019t be read (${code}). Let this user read it.`;
    return { path: '$', message };
  }
}

/** The pictures that a package names, wherever it does. */
async function readLogos(directory: string, content: unknown) {
  const faults: PlacedFault[] = [];
  const found = new Map<string, Uint8Array>();
  for (const [place, path] of logosOf(content)) {
    // The schema's check has said what is wrong with the path itself.
    if (textFormats['logo-path'](path) !== undefined) continue;
    const read = await readLogo(directory, path);
    if (typeof read === 'string') faults.push({ place, message: read });
    else found.set(path, read);
  }
  return { faults, found };
}

function logosOf(content: unknown): [place: Place, path: string][] {
  const { logo, reports } = (content ?? {}) as { logo?: unknown; reports?: Record<string, { logo?: unknown } | null> };
  const named: [Place, unknown][] = [
    [['logo'], logo],
    ...Object.entries(reports ?? {}).map(([name, report]): [Place, unknown] => [
      ['reports', name, 'logo'],
      report?.logo,
    ]),
  ];
  return named.filter((one): one is [Place, string] => typeof one[1] === 'string');
}

async function readLogo(directory: string, path: string): Promise<Uint8Array | string> {
  const file = resolve(directory, path);
  try {
    // A link may lead out of the directory.
    const way = relative(await realpath(directory), await realpath(file));
    if (way === '..' || way.startsWith(`..${sep}`)) {
      return `${path} is a link out of the customer\u2019s directory. Put the file itself there.`;
    }
    const bytes = await readFile(file);
    const fault = faultInPng(bytes);
    return fault === undefined ? bytes : `${path} ${fault}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return `There is no file ${file}. Put the logo there, or take the line out.`;
    return `${file} can\u2019t be read (${code}). Name a PNG that this user may read.`;
  }
}
