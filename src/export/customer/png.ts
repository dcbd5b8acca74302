/** Checks a customer's logo before it goes into Excel files: whether it is a whole PNG of a bearable size. */
import { crc32 } from '../crc32.ts';

/** The largest logo, in bytes and in pixels a side. */
const mostBytes = 1024 * 1024;
const mostPixels = 4000;

const signature = Buffer.from('89504e470d0a1a0a', 'hex');

/** What is wrong with a PNG that is to be put into Excel files, or undefined. */
export function faultInPng(bytes: Buffer): string | undefined {
  if (!bytes.subarray(0, 8).equals(signature))
    return 'is not a PNG. Save the picture as PNG; another ending is not enough.';
  if (bytes.length > mostBytes) return `has ${Math.ceil(bytes.length / 1024)} KB. Make it smaller than 1024 KB.`;
  const chunks = readChunks(bytes);
  if (chunks?.[0] !== 'IHDR' || !chunks.includes('IDAT') || chunks.at(-1) !== 'IEND') {
    return 'is damaged or incomplete. Save the picture again.';
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width === 0 || height === 0 || width > mostPixels || height > mostPixels) {
    return `has ${width} x ${height} pixels. Take at most ${mostPixels} on each side.`;
  }
  return undefined;
}

/** The types of all chunks, or undefined when one is cut off or altered. */
function readChunks(bytes: Buffer): string[] | undefined {
  const types: string[] = [];
  let at = signature.length;
  while (at < bytes.length) {
    if (at + 12 > bytes.length) return undefined;
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) return undefined;
    if (crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) return undefined;
    const type = bytes.toString('latin1', at + 4, at + 8);
    types.push(type);
    at = end + 4;
    if (type === 'IEND') break;
  }
  return types;
}
