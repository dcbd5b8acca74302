/** The connection to a dialer's database, and what to mend when there is none. */
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { DialtallyError } from '../../errors.ts';
import { readMixed } from '../mixed-text.ts';
import { readAddress } from './address.ts';
import { readColumns } from './columns.ts';

/** The database of a dialer in MySQL or MariaDB, read and never written. */
export interface Database {
  /** Host, port and database: never the user or the password. */
  readonly name: string;
  /** Whether the account may read a column. */
  may(table: string, column: string): boolean;
  /** SQL of a column of a table that the statement calls `t`: whatever charset its texts have, they are read right. */
  sqlOf(table: string, column: string): string;
  /** Whom the database takes the account for, as a GRANT names it. */
  readonly account: string;
  rows<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** Which database to open, and what is wanted of it. */
export interface DatabaseRequest {
  /** Such as `mysql://user:password@host:3306/database`. */
  address: string;
  /** When the address has none. */
  password?: string | undefined;
  /** The tables whose columns are looked up. */
  tables: readonly string[];
  /** The page that has the grants. */
  docs: string;
}

/** Opens a database. Throws what to mend. */
export async function openDatabase({ address, password, tables, docs }: DatabaseRequest): Promise<Database> {
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
    throw toUnreachable(error, { name, docs });
  });
  // Without a listener a lost connection would end the process; the next query says what happened.
  connection.on('error', () => {});
  const rows = async <Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> => {
    let deadline: NodeJS.Timeout | undefined;
    // The client's own timer would hold a process that has nothing more to do, once the connection is lost.
    const late = new Promise<never>((_, reject) => {
      deadline = setTimeout(() => reject(new Error('no answer in ten minutes')), longestQueryMs).unref();
    });
    try {
      const [found] = await Promise.race([connection.query<RowDataPacket[]>(sql, [...values]), late]);
      return found as Row[];
    } catch (error) {
      throw toUnreachable(error, { name, docs });
    } finally {
      clearTimeout(deadline);
    }
  };
  const close = () => connection.end().catch(() => connection.destroy());
  try {
    // The mode decides how values are escaped and whether '0000-00-00' may be compared; no lock outlives a statement.
    await rows(`SET SESSION sql_mode = '', time_zone = '+00:00', autocommit = 1`);
    await rows('SET SESSION TRANSACTION READ ONLY');
    const { has: may, sqlOf } = await readColumns(rows, tables);
    const [who] = await rows<{ account: string }>('SELECT CURRENT_USER() AS account');
    return { name, account: toGrantee(who?.account ?? ''), may, sqlOf, rows, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const longestQueryMs = 600_000;

const isText = /STRING|CHAR|BLOB|ENUM|SET/;
const toText = (bytes: Buffer | null, columnBytes: number) => bytes && readMixed(bytes, columnBytes);

/** `user@host` as a GRANT writes it. */
function toGrantee(account: string): string {
  const at = account.lastIndexOf('@');
  return `'${account.slice(0, at)}'@'${account.slice(at + 1)}'`;
}

function toUnreachable(error: unknown, { name, docs }: { name: string; docs: string }): Error {
  const { code, sqlMessage, message } = error as { code?: string; sqlMessage?: string; message?: string };
  if (error instanceof DialtallyError) return error;
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') {
    const without = `${name} has no TLS. Leave ?ssl and ?ca out, or set TLS up in that database.`;
    return new DialtallyError('SOURCE_UNREADABLE', 422, without, { cause: error });
  }
  const why = sqlMessage ?? code ?? message;
  const isRefused = /^ER_(ACCESS_DENIED|DBACCESS|TABLEACCESS|COLUMNACCESS|BAD_DB|NO_SUCH|BAD_FIELD)/.test(code ?? '');
  return isRefused
    ? new DialtallyError('SOURCE_UNREADABLE', 422, `${name} can't be read: ${why}. ${docs} has the grants.`, {
        cause: error,
      })
    : new DialtallyError('SOURCE_UNREACHABLE', 503, `${name} does not answer (${why}). Try again in a moment.`, {
        cause: error,
      });
}
