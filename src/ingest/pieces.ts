/** Makes few large pieces of bytes that come in many small ones. */

const bytesAtOnce = 64 * 1024;

/** The same bytes in pieces of 64 KB or more, the last but for what is left: work that each piece costs is not paid for each byte. */
export async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Chunks are copied as they come: held one by one, a byte would cost hundreds.
  let gathered = Buffer.allocUnsafeSlow(bytesAtOnce);
  let length = 0;
  for await (const chunk of bytes) {
    if (length === 0 && chunk.length >= bytesAtOnce) {
      yield chunk;
      continue;
    }
    for (let at = 0; at < chunk.length; ) {
      const some = chunk.subarray(at, at + bytesAtOnce - length);
      gathered.set(some, length);
      length += some.length;
      at += some.length;
      if (length < bytesAtOnce) continue;
      yield gathered;
      gathered = Buffer.allocUnsafeSlow(bytesAtOnce);
      length = 0;
    }
  }
  if (length > 0) yield gathered.subarray(0, length);
}
