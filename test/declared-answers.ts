/**
 * Holds every JSON answer of every application in this process to the schema that its route declares for that status. Loaded
 * before anything that builds an application.
 */
import { subscribe } from 'node:diagnostics_channel';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

type Content = Record<string, { schema: object }>;
type Declared = Record<string, { content: Content }>;

// Files of others, which say themselves what they are.
const isForeign = (url: string) => url.startsWith('/api/docs') || url === '/api/openapi.json';

// Loaded with the first application: most commands of tests open none.
const openJudge = async () => {
  const [{ faultOf }, { errorSchema }, { faultsHeader }, { isParamFault }] = await Promise.all([
    import('./fault-of.ts'),
    import('../src/http/answers/answers.ts'),
    import('../src/http/answers/error-reply.ts'),
    import('../src/faults.ts'),
  ]);
  /** An answer without the faults that its client asked for as data; those that are none stay. */
  const toDeclared = (text: string, { headers }: FastifyRequest): string => {
    if (headers[faultsHeader] !== 'data') return text;
    const { faults, ...declared } = JSON.parse(text) as { faults?: unknown };
    return Array.isArray(faults) && faults.every(isParamFault) ? JSON.stringify(declared) : text;
  };
  return { faultOf, errorSchema, toDeclared };
};

/** Hears of each answer that is not as it was declared, in a sentence. */
export function watchAnswers(onWrong: (what: string) => void): void {
  let judge: Awaited<ReturnType<typeof openJudge>>;
  subscribe('fastify.initialization', (message) => {
    const { fastify: app } = message as { fastify: FastifyInstance };
    app.addHook('onReady', async () => {
      judge ??= await openJudge();
    });
    app.addHook('onRequest', (request, reply, done) => {
      hearLines(request, reply);
      done();
    });
    app.addHook('onSend', (request, reply, payload, done) => {
      const { url } = request.routeOptions;
      const isJson = String(reply.getHeader('content-type')).startsWith('application/json');
      if (isJson && request.method !== 'HEAD' && !isForeign(url ?? '')) {
        whenWhole(payload, (text) => check(request, reply.statusCode, 'application/json', text));
      }
      done(null, payload);
    });
  });

  function check(request: FastifyRequest, status: number, type: string, text: string): void {
    const about = `${request.method} ${request.url.slice(0, 200)} answered ${status}`;
    // What nobody meant to happen, no route declares.
    const schema = status === 500 ? judge.errorSchema : declaredOf(request)?.[status]?.content[type]?.schema;
    if (!schema) {
      // At an address that nothing is at, nothing is declared.
      if (!request.is404) onWrong(`${about}, which its route does not declare: ${shown(text)}`);
      return;
    }
    const fault = judge.faultOf(schema, judge.toDeclared(text, request));
    if (fault !== undefined) onWrong(`${about}, and ${fault}: ${shown(text)}`);
  }

  /** Answers that are written line by line go past the hook. */
  function hearLines(request: FastifyRequest, reply: FastifyReply): void {
    const { raw } = reply;
    const content = declaredOf(request)?.[200]?.content ?? {};
    const type = ['application/x-ndjson', 'text/event-stream'].find((one) => one in content);
    if (type === undefined) return;
    const write = raw.write.bind(raw) as (...written: unknown[]) => boolean;
    raw.write = (...written: unknown[]) => {
      // Its errors from before the first line go the usual way.
      const lines = (reply.sent ? String(written[0]) : '').matchAll(/^(?:data: )?(\{.*\})$/gm);
      for (const [, text = ''] of lines) check(request, 200, type, text);
      return write(...written);
    };
  }
}

const declaredOf = ({ routeOptions: { schema } }: FastifyRequest) => schema?.response as Declared | undefined;

const shown = (text: string) => text.slice(0, 300);

/** Gives an answer's text when there is all of it; one that breaks off has none. Leaves a stream's pace to who reads it. */
function whenWhole(payload: unknown, then: (text: string) => void): void {
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) then(payload.toString());
  if (!(payload instanceof Readable)) return;
  const pieces: Buffer[] = [];
  payload.on('data', (piece: Buffer | string) => pieces.push(Buffer.from(piece)));
  // Until whoever sends it begins to read.
  payload.pause();
  payload.once('end', () => then(Buffer.concat(pieces).toString()));
}
