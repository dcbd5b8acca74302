import { readFileSync } from 'node:fs';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { BadOptions, DialtallyError } from '../../errors.ts';
import { assertGranted } from './grants.ts';
import { readMixed } from './mixed-text.ts';
import { readColumns } from './source-columns.ts';
import { declarationOf } from './source-tables.ts';

/** A VICIdial's database, read and never written. */
export interface VicidialDatabase {
  /** Host, port and database: never the user or the password. */
  readonly name: string;
  /** Whether the account may read a column. */
  may(table: string, column: string): boolean;
  /** Whether the account may read all of a table without which none of its rows can be used. */
  has(table: string): boolean;
  /** SQL of a column of a table that the statement calls `t`: whatever charset its texts have, they are read right. */
  sqlOf(table: string, column: string): string;
  /** Whom the database takes the account for, as a GRANT names it. */
  readonly account: string;
  rows<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** Opens the database behind an address such as `mysql://user:password@host:3306/asterisk`. Throws what to mend. */
export async function openVicidial(address: string, password?: string): Promise<VicidialDatabase> {
  const { host, port, database, ...account } = readAddress(address);
  const name = `${host}:${port}/${database}`;
  const connection = await createConnection({
    host,
    port,
    database,
    user: account.user,
    password: password ?? account.password,
    ...(account.ssl && { ssl: account.ssl }),
    charset: 'utf8mb4',
    // A DATETIME is wall clock: it must not pass through a Date of this machine's zone.
    dateStrings: true,
    typeCast: (field, next) => (isText.test(field.type) ? toText(field.buffer(), field.length) : next()),
    connectTimeout: 10_000,
  }).catch((error) => {
    throw toUnreachable(error, name);
  });
  // Without a listener a lost connection would end the process; the next query says what happened.
  connection.on('error', () => {});
  const rows = async <Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> => {
    try {
      const [found] = await connection.query<RowDataPacket[]>({ sql, timeout: 600_000 }, [...values]);
      return found as Row[];
    } catch (error) {
      throw toUnreachable(error, name);
    }
  };
  const close = () => connection.end().catch(() => connection.destroy());
  try {
    // The mode decides how values are escaped and whether '0000-00-00' may be compared; no lock outlives a statement.
    await rows(`SET SESSION sql_mode = '', time_zone = '+00:00', autocommit = 1`);
    await rows('SET SESSION TRANSACTION READ ONLY');
    const columns = await readColumns(rows);
    const [who] = await rows<{ account: string }>('SELECT CURRENT_USER() AS account');
    const may = columns.has;
    const has = (table: string) => declarationOf(table)?.needs.every((column) => may(table, column)) ?? false;
    const source = { name, account: toGrantee(who?.account ?? ''), may, has, sqlOf: columns.sqlOf, rows, close };
    assertGranted(source, { archive: false });
    return source;
  } catch (error) {
    await close();
    throw error;
  }
}

/** The source's clock: its zone when it can be known, and its wall clock now. */
export async function readClock({ rows }: VicidialDatabase): Promise<{ zone: string | undefined; now: string }> {
  const [found] = await rows<{ zone: string; system: string }>(
    'SELECT @@global.time_zone AS zone, @@global.system_time_zone AS system',
  );
  const zone = found?.zone === 'SYSTEM' ? found.system : found?.zone;
  const [clock] = await rows<{ now: string }>('SELECT UTC_TIMESTAMP() AS now');
  // What the system calls its zone is mostly short for several (EST, CST): only what is plain is believed.
  const isPlain = zone === 'UTC' || zone?.includes('/') || /^[-+]\d{2}:\d{2}$/.test(zone ?? '');
  return { zone: isPlain ? zone : undefined, now: clock?.now ?? '' };
}

const isText = /STRING|CHAR|BLOB|ENUM|SET/;
const toText = (bytes: Buffer | null, columnBytes: number) => bytes && readMixed(bytes, columnBytes);

/** `user@host` as a GRANT writes it. */
function toGrantee(account: string): string {
  const at = account.lastIndexOf('@');
  return `'${account.slice(0, at)}'@'${account.slice(at + 1)}'`;
}

interface Location {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  ssl?: { ca?: string; rejectUnauthorized: boolean };
}

function readAddress(address: string): Location {
  // The address is not repeated in the message: it may hold the password.
  const bad = new BadOptions('--source must look like mysql://user:password@host:3306/asterisk.');
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

function toUnreachable(error: unknown, name: string): Error {
  const { code, sqlMessage, message } = error as { code?: string; sqlMessage?: string; message?: string };
  if (error instanceof DialtallyError) return error;
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') {
    const without = `${name} has no TLS. Leave ?ssl and ?ca out, or set TLS up in that database.`;
    return new DialtallyError('SOURCE_UNREADABLE', 422, without, { cause: error });
  }
  const why = sqlMessage ?? code ?? message;
  const isRefused = /^ER_(ACCESS_DENIED|DBACCESS|TABLEACCESS|COLUMNACCESS|BAD_DB|NO_SUCH|BAD_FIELD)/.test(code ?? '');
  return isRefused
    ? new DialtallyError('SOURCE_UNREADABLE', 422, `${name} can't be read: ${why}. docs/vicidial.md has the grants.`, {
        cause: error,
      })
    : new DialtallyError('SOURCE_UNREACHABLE', 503, `${name} does not answer (${why}). Try again in a moment.`, {
        cause: error,
      });
}
