import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readMixed } from '../../../src/dialers/mixed-text.ts';
import { openLogReader } from '../../../src/dialers/vicidial/database/log-reader.ts';
import { openVicidial } from '../../../src/dialers/vicidial/database/source.ts';
import { type MariaDb, mariadbMissing, startMariaDb } from '../mariadb.ts';
import { zone } from './floor.ts';
import { toSchema } from './schema.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const missing = mariadbMissing();
const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from([part]))));

describe('the text of a value', () => {
  test.each([
    ['UTF-8', bytes('Nguyễn Thị Hạnh'), 50, 'Nguyễn Thị Hạnh'],
    ['Windows-1252', bytes('Ren', 0xe9, 'e Mu', 0xf1, 'oz'), 50, 'Renée Muñoz'],
    ['Windows-1252 whose last letter could begin one of UTF-8', bytes('Caf', 0xe9), 50, 'Café'],
    ['the same in a full column', bytes('Caf', 0xe9), 4, 'Café'],
    ['the same with a mark behind it, in a column with room', bytes('Caf', 0xe9, 0xbb), 50, 'Café»'],
    ['UTF-8 that was cut behind the first byte of a letter', bytes('Đỗ Th', 0xe1), 50, 'Đỗ Th'],
    ['UTF-8 that was cut behind the second', bytes('Đỗ Th', 0xe1, 0xbb), 50, 'Đỗ Th'],
    ['UTF-8 whose only letter was cut, in a full column', bytes('Tran Th', 0xe1, 0xbb), 9, 'Tran Th'],
    ['UTF-8 with four bytes, cut', bytes('Đ 😀', 0xf0, 0x9f, 0x98), 50, 'Đ 😀'],
    ['a mixture that is none of both', bytes('Đ', 0xe9, 'a'), 50, 'Ä\u0090éa'],
    ['nothing', bytes(), 50, ''],
  ])('%s', (_, value, columnBytes, text) => {
    expect(readMixed(value, columnBytes)).toBe(text);
  });

  test('wherever UTF-8 is cut, what is left is the beginning of it, and nothing is a replacement character', () => {
    const whole = 'Đặng Thị Hồng Hạnh – 王小明 😀 naïve';
    const all = Buffer.from(whole);
    for (let length = 3; length <= all.length; length++) {
      const text = readMixed(all.subarray(0, length), length);
      expect(whole.startsWith(text), `${length} bytes: ${text}`).toBe(true);
      expect(all.subarray(0, length).length - Buffer.byteLength(text)).toBeLessThan(4);
    }
    for (let value = 0; value < 65_536; value++) {
      expect(readMixed(Buffer.from([value >> 8, value & 255]), 2)).not.toContain('\ufffd');
    }
  });
});

describe.skipIf(missing)(`texts of a MariaDB${missing ? `: ${missing}` : ''}`, () => {
  let db: MariaDb;
  let root: Connection;

  beforeAll(async () => {
    db = await startMariaDb();
    root = db.root;
    await root.query(`CREATE USER 'reader'@'%' IDENTIFIED BY 'PASSWORD'; GRANT SELECT ON *.* TO 'reader'@'%'`);
    await root.query(`SET SESSION sql_mode = ''`);
  });
  afterAll(() => db?.close());

  async function reading(database: string, archive = false) {
    const source = await openVicidial(`mysql://reader:PASSWORD@127.0.0.1:${db.port}/${database}`);
    return { reader: openLogReader(source, { archive, zone }), close: () => source.close() };
  }

  test('whatever the charset of its column, a value is what was written', async () => {
    await root.query(toSchema('charsets', 'latin1'));
    await root.query(`
      ALTER TABLE vicidial_campaigns CONVERT TO CHARACTER SET cp1251;
      ALTER TABLE vicidial_user_groups CONVERT TO CHARACTER SET utf8mb4;
      ALTER TABLE vicidial_statuses CONVERT TO CHARACTER SET utf8mb3;
      ALTER TABLE vicidial_campaigns MODIFY active ENUM('Y', 'N');
      ALTER TABLE vicidial_statuses MODIFY sale ENUM('Y', 'N') CHARACTER SET latin1`);
    await root.query('INSERT INTO vicidial_users (user, full_name) VALUES ?', [
      [
        ['a', bytes('Nguyễn Thị Hạnh')],
        ['b', bytes(0x93, 'Ren', 0xe9, 0x94, ' 5 ', 0x80)],
        ['c', bytes('Plain')],
        // A column of latin1 with 50 bytes: the last letter is cut by the database itself.
        ['d', bytes('x', 'ễ'.repeat(20))],
        ['e', null],
      ],
    ]);
    await root.query(`
      INSERT INTO vicidial_campaigns VALUES ('TELE', 'Продажи', 'Y'), ('OLD', 'Архив', 'N');
      INSERT INTO vicidial_user_groups VALUES ('NORTH', 'Miền Bắc 😀'), ('SOUTH', 'Ã© as it is');
      INSERT INTO vicidial_statuses (status, status_name, sale) VALUES ('OK', 'Đồng ý', 'Y')`);
    const { reader, close } = await reading('charsets');
    expect((await reader.users()).map(({ name }) => name)).toEqual([
      'Nguyễn Thị Hạnh',
      '“René” 5 €',
      'Plain',
      `x${'ễ'.repeat(16)}`,
      null,
    ]);
    expect(await reader.campaigns()).toEqual([
      { id: 'OLD', name: 'Архив', active: 'N' },
      { id: 'TELE', name: 'Продажи', active: 'Y' },
    ]);
    expect((await reader.userGroups()).map(({ name }) => name)).toEqual(['Miền Bắc 😀', 'Ã© as it is']);
    expect(await reader.statuses()).toMatchObject([{ status: 'OK', status_name: 'Đồng ý', sale: 'Y' }]);
    await close();
  });

  test('an archive of another charset than its log reads as the log does', async () => {
    await root.query(toSchema('moved', 'latin1'));
    await root.query('ALTER TABLE vicidial_list_archive CONVERT TO CHARACTER SET utf8mb4');
    await root.query('INSERT INTO vicidial_list (lead_id, entry_date, source_id) VALUES ?', [
      [
        [1, '2024-11-02 10:00:00', bytes('Hội chợ')],
        [2, '2024-11-02 10:00:00', bytes('Caf', 0xe9)],
      ],
    ]);
    await root.query(
      `INSERT INTO vicidial_list_archive (lead_id, entry_date, source_id) VALUES (3, '2024-11-02 10:00:00', 'Triển lãm')`,
    );
    const { reader, close } = await reading('moved', true);
    expect((await reader.leads(0, 10)).map(({ source_id }) => source_id)).toEqual(['Hội chợ', 'Café', 'Triển lãm']);
    await close();
  });

  test('calls of one second are read once each, in pages, whatever their ids are', async () => {
    await root.query(toSchema('pages', 'latin1'));
    // A collation has both cases together; in bytes all of the one come before all of the other.
    const ids = Array.from({ length: 5100 }, (_, n) => (n % 2 ? `1.a${n}` : `1.A${n}é`));
    await root.query('INSERT INTO vicidial_log (uniqueid, call_date, status, user, campaign_id) VALUES ?', [
      ids.map((id) => [bytes(id), '2024-11-02 10:00:00', 'NA', 'VDAD', 'TELE']),
    ]);
    const { reader, close } = await reading('pages');
    const found: string[] = [];
    for await (const page of reader.calls({ from: '2024-11-02 10:00:00', end: '2024-11-02 11:00:00' })) {
      found.push(...page.map(({ uniqueid }) => uniqueid));
    }
    expect(found.length).toBe(ids.length);
    expect(new Set(found)).toEqual(new Set(ids));
    await close();
  });
});
