/** A body whose first line says what the rest of it is. */
import { openHeld } from './held.ts';

/**
 * The first line of a body, and the bytes after it. `hold` is told what is held meanwhile. Gives undefined for a body without any
 * line end in its first `mostBytes`.
 */
export async function cutFirstLine(
  body: AsyncGenerator<Buffer>,
  { hold, mostBytes }: { hold(bytes: number): void; mostBytes: number },
): Promise<{ line: string; rest: AsyncGenerator<Buffer> } | undefined> {
  const head = openHeld(hold);
  for (;;) {
    const { value, done } = await body.next();
    const end = value?.indexOf(10) ?? -1;
    if (value && end >= 0) {
      head.add(value.subarray(0, end));
      return { line: head.take().toString('utf8'), rest: continued(value.subarray(end + 1), body) };
    }
    if (value) head.add(value);
    if (done || head.size > mostBytes) return undefined;
  }
}

async function* continued(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  yield* rest;
}
