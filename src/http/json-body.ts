import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { spoken } from '../engine/params.ts';
import { InvalidParams } from '../errors.ts';

/**
 * Reads JSON bodies, and refuses those whose texts are none: bytes that are not UTF-8, and half characters (a lone
 * surrogate such as `\ud800`), which JSON can write and no store can keep. So nothing is ever kept as U+FFFD that was
 * sent as something else.
 */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (!isUtf8(bytes)) return done(new InvalidParams({ body: ['The body must be JSON in UTF-8.'] }));
    const text = bytes.toString();
    return parse(request, text, (error, body) => {
      const field = error === null ? fieldOfHalf(text, body) : undefined;
      if (field === undefined) return done(error, body);
      const fault = `The ${spoken(field)} must be text: it has half a character in it (a lone surrogate such as \\ud800).`;
      return done(new InvalidParams({ [field]: [fault] }));
    });
  });
}

/** The field of a body that has half a character in it, or undefined. */
function fieldOfHalf(text: string, body: unknown): string | undefined {
  // Only an escape can write one: most bodies have none, and are not gone through.
  if (!/\\u[dD][89a-fA-F]/.test(text)) return undefined;
  if (typeof body !== 'object' || body === null) return isWhole(body) ? undefined : 'body';
  for (const [field, value] of Object.entries(body)) {
    if (!field.isWellFormed()) return 'body';
    if (!isWhole(value)) return field;
  }
  return undefined;
}

/** Whether all texts and names in a value are whole. */
function isWhole(value: unknown): boolean {
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string' && !next.isWellFormed()) return false;
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next) && !Object.keys(next).every((name) => name.isWellFormed())) return false;
    for (const inner of Object.values(next)) waiting.push(inner);
  }
  return true;
}
