/** The way into VICIdial's database: opened only when what a sync can't do without may be read. */
import { type Database, openDatabase } from '../../mysql/database.ts';
import { assertGranted } from '../../mysql/grants.ts';
import { declarationOf, sourceTables, tablesWith, vicidialDocs } from './source-tables.ts';

/** A VICIdial's database, read and never written. */
export interface VicidialDatabase extends Database {
  /** Whether the account may read all of a table without which none of its rows can be used. */
  has(table: string): boolean;
}

/** Opens the database behind an address such as `mysql://user:password@host:3306/asterisk`. Throws what to mend. */
export async function openVicidial(address: string, password?: string): Promise<VicidialDatabase> {
  const tables = Object.keys(sourceTables).flatMap((table) => [table, `${table}_archive`]);
  const database = await openDatabase({ address, password, tables, docs: vicidialDocs });
  try {
    assertGranted(database, { tables: tablesWith({ archive: false }), docs: vicidialDocs });
  } catch (error) {
    await database.close();
    throw error;
  }
  const has = (table: string) => declarationOf(table)?.needs.every((column) => database.may(table, column)) ?? false;
  return { ...database, has };
}
