import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHarmless } from '../../src/export/formulas.ts';
import { formulasIn, officeMissing, pythonMissing, readCsvs } from './independent.ts';

const code = { isCode: true, separator: ',' };
const name = { isCode: false, separator: ',' };

describe('what a spreadsheet would run gets an apostrophe', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['@SUM(1)', "'@SUM(1)"],
    ["-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"],
    ["+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"],
    ["+1-2-cmd|'/C calc'!A1", "'+1-2-cmd|'/C calc'!A1"],
    ['-5+9', "'-5+9"],
    ['\uff1d1+1', "'\uff1d1+1"],
    ['\uff0b84 90', "'\uff0b84 90"],
    ['\ufe631', "'\ufe631"],
    ['\u22121', "'\u22121"],
    ['\0=1', "'\0=1"],
    ['\u200b\ufeff=1', "'\u200b\ufeff=1"],
    ['\u00ad@x', "'\u00ad@x"],
    ['  =1', "'  =1"],
    ['"=1"', `'"=1"`],
    ['\nx', "'\nx"],
    ['SALE;=1', "SALE;'=1"],
    ['a;=1+1;b', "a;'=1+1;b"],
    ['a;-5;b', "a;'-5;b"],
    ['a; \t\u200b"+1', `a; \t\u200b"'+1`],
    ['a|\uff20x\t=2\n-3', "a|'\uff20x\t'=2\n'-3"],
    [';=1', ";'=1"],
  ])('%j is written %j', (text, written) => {
    expect(toHarmless(text, code)).toBe(written);
    expect(toHarmless(text, name)).toBe(written);
  });

  test.each(['+84901234567', '+84 90 123', '+84 (90) 123-45.6', '-5', '-', '00042', '1e5', 'a=b', 'x-y', "'=1", ''])(
    'a code %j stays as it is',
    (text) => {
      expect(toHarmless(text, code)).toBe(text);
    },
  );

  test('behind the file\u2019s own separator a cell is in quotes, and stays as it is', () => {
    expect(toHarmless('Sales, -North', name)).toBe('Sales, -North');
    expect(toHarmless('Sales, -North', { ...name, separator: ';' })).toBe("Sales, '-North");
  });
});

// What somebody would write who tries.
const piece = fc.constantFrom(
  ...'=+-@\uff1d\uff0b\uff0d\uff20\ufe66\u2212;,|\t\r\n "\'\0\u200b\u00a0\ufeffa1()',
  '\u{e0041}',
);
const attempt = fc.array(piece, { maxLength: 8 }).map((all) => all.join(''));
const separators = [',', ';', '\t', '|'] as const;
const isRun = (cell: string) =>
  /^[^\p{L}\p{N}\p{P}\p{S}]*["\s\p{C}\p{Z}]*[=@+\-\uff1d\uff0b\uff0d\uff20\ufe66\u2212]/u.test(cell);

test('whatever the text, only apostrophes are added, and no cell that any separator cuts can be run', () => {
  fc.assert(
    fc.property(attempt, fc.boolean(), fc.constantFrom(...separators), (text, isCode, separator) => {
      const written = toHarmless(text, { isCode, separator });
      expect(written.replaceAll("'", '')).toBe(text.replaceAll("'", ''));
      if (isCode && /^[+-][0-9 ().-]*$/.test(text)) expect(written).toBe(text);
      else expect(isRun(written)).toBe(false);
      // White space at a text's ends is gone since it was taken in.
      if (text.trim() !== text) return;
      expect(toHarmless(written, { isCode, separator })).toBe(written);
      for (const other of separators) {
        if (other === separator) continue;
        for (const cell of written.split(new RegExp(`[${other}\\r\\n]`)).slice(1)) expect(isRun(cell)).toBe(false);
      }
    }),
    { numRuns: 20_000, seed: 7 },
  );
});

const missing = pythonMissing();
const quote = (cell: string, separator: string) =>
  new RegExp(`["\\r\\n${separator}]`).test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

test.skipIf(missing)(`read back without its apostrophes, a file has the texts${missing ? `: ${missing}` : ''}`, () => {
  const texts = fc.sample(fc.tuple(attempt, attempt), { numRuns: 500, seed: 3 });
  for (const separator of separators) {
    const file = texts
      .map(
        (row) => `${row.map((text) => quote(toHarmless(text, { ...code, separator }), separator)).join(separator)}\r\n`,
      )
      .join('');
    const [records = []] = readCsvs([file], separator);
    const plain = (rows: readonly (readonly string[])[]) =>
      rows.map((row) => row.map((cell) => cell.replaceAll("'", '')));
    expect(plain(records)).toEqual(plain(texts));
  }
});

const noOffice = officeMissing();

test.skipIf(noOffice)(
  `LibreOffice runs none of them, whatever it is told to cut at${noOffice ? `: ${noOffice}` : ''}`,
  () => {
    const sums = fc.sample(
      fc.tuple(
        fc.constantFrom('', 'a', 'a;', 'a|', 'a\n', '\0', 'a\t', 'a;"', '\u200b'),
        fc.constantFrom('=1+1', '=SUM(1;2)', '@SUM(1)'),
      ),
      { numRuns: 60, seed: 1 },
    );
    const toFile = (write: (text: string) => string) =>
      sums.map(([before, sum], index) => `${index},${quote(write(`${before}${sum}`), ',')},x\r\n`).join('');
    expect(
      formulasIn(
        toFile((text) => text),
        ',;\t|',
      ),
    ).not.toEqual([]);
    for (const cutAt of [',', ';', '\t', ',;\t', ',;\t|']) {
      expect(
        formulasIn(
          toFile((text) => toHarmless(text, code)),
          cutAt,
        ),
        JSON.stringify(cutAt),
      ).toEqual([]);
    }
  },
);
