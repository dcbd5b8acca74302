/** Pictures that keep their size in an Excel file. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { crc32 } from './crc32.ts';

const centralEntry = 0x02014b50;
const endOfDirectory = 0x06054b50;

/**
 * An Excel file whose pictures have their own size. The writer of Excel files ties a picture to two cells and so stretches
 * it with their columns; here it is tied to one, as the format allows (`xdr:oneCellAnchor`).
 */
export function pinPictures(xlsx: Uint8Array): Uint8Array {
  const file = Buffer.from(xlsx.buffer, xlsx.byteOffset, xlsx.byteLength);
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  let at = file.readUInt32LE(end + 16);
  while (file.readUInt32LE(at) === centralEntry) {
    const size = 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
    const entry = Buffer.from(file.subarray(at, at + size));
    const part = toPart(file, entry);
    entry.writeUInt32LE(offset, 42);
    parts.push(part);
    directory.push(entry);
    offset += part.length;
    at += size;
  }
  const tail = Buffer.from(file.subarray(end));
  if (tail.readUInt32LE(0) !== endOfDirectory) throw new TypeError('not a ZIP file');
  tail.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, tail]);
}

/** A file of the archive with its header; a drawing with its pictures pinned. The entry of the directory follows. */
function toPart(file: Buffer, entry: Buffer): Buffer {
  const start = entry.readUInt32LE(42);
  const head = Buffer.from(
    file.subarray(start, start + 30 + file.readUInt16LE(start + 26) + file.readUInt16LE(start + 28)),
  );
  const data = file.subarray(start + head.length, start + head.length + entry.readUInt32LE(20));
  const name = entry.toString('utf8', 46, 46 + entry.readUInt16LE(28));
  if (!/^xl\/drawings\/drawing\d+\.xml$/.test(name)) return Buffer.concat([head, data]);
  const isDeflated = entry.readUInt16LE(10) === 8;
  const content = Buffer.from(toPinned((isDeflated ? inflateRawSync(data) : data).toString('utf8')));
  const stored = isDeflated ? deflateRawSync(content) : content;
  for (const [header, first] of [
    [head, 14],
    [entry, 16],
  ] as const) {
    header.writeUInt32LE(crc32(content), first);
    header.writeUInt32LE(stored.length, first + 4);
    header.writeUInt32LE(content.length, first + 8);
  }
  return Buffer.concat([head, stored]);
}

const anchored =
  /<xdr:twoCellAnchor>(<xdr:from>(?:(?!<\/xdr:from>).)*<\/xdr:from>)<xdr:to>(?:(?!<\/xdr:to>).)*<\/xdr:to>(<xdr:pic>.*?<\/xdr:pic><xdr:clientData\/>)<\/xdr:twoCellAnchor>/gs;

function toPinned(drawing: string): string {
  return drawing.replace(anchored, (whole, from: string, picture: string) => {
    const [, size] = /<a:ext (cx="\d+" cy="\d+")\/>/.exec(picture) ?? [];
    if (size === undefined) return whole;
    return `<xdr:oneCellAnchor>${from}<xdr:ext ${size}/>${picture}</xdr:oneCellAnchor>`;
  });
}
