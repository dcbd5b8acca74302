/** A customer’s picture on a sheet. */
import type { WriteSheet } from 'hucre/xlsx';

type SheetImage = NonNullable<WriteSheet['images']>[number];

const tallest = 48;

/** A PNG for the first row of a sheet, no taller than a title block bears. */
export function toLogo(png: Uint8Array): { image: SheetImage; heightPoints: number } {
  const { width, height } = sizeOf(png);
  const scale = Math.min(1, tallest / height);
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  return {
    image: { data: png, type: 'png', anchor: { from: { row: 0, col: 0 } }, ...size, altText: 'Logo' },
    heightPoints: size.height * 0.75,
  };
}

/** Width and height of a PNG in pixels: its first chunk says them. */
function sizeOf(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
