import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { expect, test } from 'vitest';
import { toLogo } from '../../src/export/logo.ts';
import { pinPictures } from '../../src/export/pinned-pictures.ts';
import { logo } from './customer/package-directory.ts';

test('a picture keeps its own size, whatever the columns are', async () => {
  const { image } = toLogo(logo);
  const file = await writeXlsx({
    sheets: [
      { name: 'Rows', columns: [{ width: 60 }, { width: 60 }], rows: [['a'], ['Đặng']], images: [image] },
      { name: 'Columns', rows: [['b']] },
    ],
  });
  const pinned = pinPictures(file);
  const { sheets } = await readXlsx(pinned);
  expect(sheets.map(({ name, rows }) => [name, rows.map((row) => row[0])])).toEqual([
    ['Rows', ['a', 'Đặng']],
    ['Columns', ['b']],
  ]);
  const [picture] = sheets[0]!.images!;
  // 120 x 90 pixels, brought down to the height of a title block; no second cell ties it.
  expect(picture).toMatchObject({ width: 64, height: 48, anchor: { from: { row: 0, col: 0 } } });
  expect(picture!.anchor.to).toBeUndefined();
  expect(Buffer.from(picture!.data)).toEqual(logo);
});
