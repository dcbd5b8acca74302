/** Rows as NDJSON: a JSON object a line. */

// A string of a few hundred kilobytes at a time, as for CSV.
const rowsAtOnce = 4000;

/** Rows as NDJSON, as they come: each line is the row as the JSON answer has it. */
export async function* toNdjson(chunks: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  for await (const rows of chunks) {
    for (let start = 0; start < rows.length; start += rowsAtOnce) {
      const some = rows.slice(start, start + rowsAtOnce);
      yield some.map((row) => `${JSON.stringify(row)}\n`).join('');
    }
  }
}
