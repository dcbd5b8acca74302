/** Small bodies of JSON, within the limits of every body, and whole texts alone. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InvalidParams } from '../../errors.ts';
import type { Entry, Gate } from '../../ingest/gate.ts';
import { readSmall } from './body.ts';
import type { BodyLimits } from './receive.ts';

const mostBytes = 1024 ** 2;

/**
 * Reads the bodies of all routes that take no rows: JSON, within the limits of every body. Those whose texts are none are
 * refused: bytes that are not UTF-8, and half characters (a lone surrogate such as `\ud800`), which JSON can write and no
 * store can keep. So nothing is ever kept as U+FFFD that was sent as something else.
 */
export function readBodies(
  app: FastifyInstance,
  { gate, slowestBytes }: { gate: Gate } & Pick<BodyLimits, 'slowestBytes'>,
): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  const entries = new WeakMap<FastifyRequest, Entry>();
  const read = async (request: FastifyRequest) => {
    const entry = gate.enter(request.asking?.tenantId ?? 0);
    // What it says is held until it is answered, or nobody waits for the answer any more.
    entries.set(request, entry);
    if (request.gone.aborted) entry.leave();
    else request.gone.addEventListener('abort', () => entry.leave(), { once: true });
    const bytes = await readSmall(request.raw, {
      limitBytes: mostBytes,
      slowestBytes,
      entry,
    });
    if (!isUtf8(bytes)) throw new InvalidParams([{ id: 'not_json_in_utf8', field: 'body' }]);
    entry.hold(bytes.length);
    return bytes.toString('utf8');
  };
  app.addHook('onResponse', async (request) => entries.get(request)?.leave());
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('text/plain', read);
  app.addContentTypeParser('application/json', (request, _payload, done) => {
    const toBody = (text: string) =>
      parse(request, text, (error, body) => {
        const field = error === null ? fieldOfHalf(text, body) : undefined;
        if (field === undefined) return done(error, body);
        return done(new InvalidParams([{ id: 'half_character', field }]));
      });
    read(request).then(toBody, done);
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
