/** Where a dialer's database is and how to sign in there, read from the address that people give. */
import { readFileSync } from 'node:fs';
import { BadOptions } from '../../errors.ts';

/** What an address says of a database and of who asks. */
export interface DatabaseAddress {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  ssl?: { ca?: string; rejectUnauthorized: boolean };
}

/** Reads an address such as `mysql://user:password@host:3306/database`. Throws BadOptions for one that is none. */
export function readAddress(address: string): DatabaseAddress {
  // The address is not repeated in the message: it may hold the password.
  const bad = new BadOptions('--source must look like mysql://user:password@host:3306/database.');
  if (!URL.canParse(address)) throw bad;
  const url = new URL(address);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!/^(mysql|mariadb):$/.test(url.protocol) || !url.hostname || !database || database.includes('/')) throw bad;
  // A misspelt option must not leave the connection in clear.
  const unknown = [...url.searchParams.keys()].filter((key) => key !== 'ssl' && key !== 'ca');
  if (unknown.length > 0) throw new BadOptions(`--source has ?${unknown.join(', ?')}, and knows ?ssl and ?ca alone.`);
  const ca = url.searchParams.get('ca');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 3306),
    database,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    ...((url.searchParams.has('ssl') || ca) && {
      ssl: { rejectUnauthorized: url.searchParams.get('ssl') !== 'unverified', ...(ca && { ca: readCa(ca) }) },
    }),
  };
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new BadOptions(`--source: The certificate ${path} can't be read (${(cause as Error).message}).`);
  }
}
