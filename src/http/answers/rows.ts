/** Answers that go out as they come: rows, or any text. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Asker } from '../asker.ts';
import { type AnswerKind, listAnswer } from './answer-kinds.ts';
import { cutOff } from './open-answers.ts';
import type { Spools } from './spool.ts';

/** `{ data: [...] }` of rows that come in chunks. */
export const rowsAnswer = <S extends TSchema>(item: S): AnswerKind<AsyncIterable<readonly Static<S>[]>> => ({
  ...listAnswer(item),
  send: (chunks, { asker, reply }) => sendRows(asker, reply, chunks),
});

/**
 * Answers with `{ data: [...] }`, as the rows come, and with what stands beside behind them. A failure before there are many rows is an error as any other; after it
 * the connection breaks, so that nobody takes a part for the whole.
 */
export async function sendRows(
  asker: Pick<Asker, 'spool' | 'gone'>,
  reply: FastifyReply,
  chunks: AsyncIterable<readonly unknown[]>,
  beside: Readonly<Record<string, unknown>> = {},
) {
  const rows = chunks[Symbol.asyncIterator]();
  reply.type('application/json; charset=utf-8');
  const first = await rows.next();
  const second = first.done ? first : await rows.next();
  if (second.done) return reply.send({ data: first.done ? [] : first.value, ...beside });
  return sendText(asker, reply, toJson([first.value, second.value], rows, beside));
}

/** Answers with data that is held, and with its comparison and what else stands behind it: long lists of rows in pieces. */
export async function sendHeld(
  asker: Pick<Asker, 'spool' | 'gone'>,
  reply: FastifyReply,
  held: { data: unknown; comparison: { rows: readonly unknown[] } },
) {
  reply.type('application/json; charset=utf-8');
  if (held.comparison.rows.length <= rowsAtOnce) return reply.send(held);
  return sendText(asker, reply, toJsonPieces(held));
}

// A string of a few hundred kilobytes at a time.
const rowsAtOnce = 4000;

/** A value as JSON, whose lists come in pieces: they may be long. */
async function* toJsonPieces(value: unknown): AsyncGenerator<string> {
  if (Array.isArray(value)) {
    yield '[';
    for (let start = 0; start < value.length; start += rowsAtOnce) {
      const some = value.slice(start, start + rowsAtOnce).map((row) => JSON.stringify(row));
      yield (start > 0 ? ',' : '') + some.join(',');
    }
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    yield '{';
    for (const [index, [name, held]] of Object.entries(value).entries()) {
      yield `${index > 0 ? ',' : ''}${JSON.stringify(name)}:`;
      yield* toJsonPieces(held);
    }
    yield '}';
  } else yield JSON.stringify(value);
}

/** Answers with a text as it comes; when that fails, or when nobody waits any more, the connection breaks. */
export function sendText(
  { spool, gone }: Pick<Asker, 'spool' | 'gone'>,
  reply: FastifyReply,
  text: AsyncIterable<string | Buffer>,
) {
  const read = spool(text);
  read.once('error', (error) => {
    if (!gone.aborted) reply.log.error({ err: error }, 'an answer broke off');
    cutOff(reply);
  });
  return reply.send(read);
}

// Smaller answers may be held until they are read, and are handed over in one piece.
const largeBytes = 64 * 1024;

/** Answers that routes make as one text wait on disk for their reader as well, when they are large. */
export function spoolLarge(app: FastifyInstance, { spools }: { spools: Spools }): void {
  app.addHook('onSend', async ({ asking, gone }, _reply, payload) => {
    if (typeof payload !== 'string' || payload.length <= largeBytes) return payload;
    return spools.through(asking?.tenantId ?? 0, Readable.from([Buffer.from(payload)]), gone);
  });
}

async function* toJson(
  first: readonly (readonly unknown[])[],
  rest: AsyncIterator<readonly unknown[]>,
  beside: Readonly<Record<string, unknown>>,
): AsyncGenerator<string> {
  const named = Object.entries(beside).map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const end = `]${named.join('')}}`;
  let before = '{"data":[';
  const write = (rows: readonly unknown[]) => {
    const text = rows.length > 0 ? before + rows.map((row) => JSON.stringify(row)).join(',') : '';
    if (text) before = ',';
    return text;
  };
  try {
    for (const rows of first) yield write(rows);
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield write(next.value);
    yield before === ',' ? end : before + end;
  } finally {
    // Also when it is left before the first of them: they would hold their query.
    await rest.return?.();
  }
}
