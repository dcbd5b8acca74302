/** Text in pieces of some thousand lines: as strings and objects, rows take several times the room of their bytes. */
export function* cutLines(bytes: Uint8Array, linesAtOnce = 4096): Generator<string> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let [start, lines] = [0, 0];
  for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, end + 1)) {
    if (++lines % linesAtOnce > 0) continue;
    yield text.toString('utf8', start, end);
    start = end + 1;
  }
  if (start < text.length) yield text.toString('utf8', start);
}

/** Rows of JSONEachRow text. A line break inside a value is escaped there, so lines are rows. */
export function parseRows<Row>(lines: string): Row[] {
  return JSON.parse(`[${lines.trimEnd().replaceAll('\n', ',')}]`) as Row[];
}
