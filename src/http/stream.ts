import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { assertMay, narrow } from '../access/roles.ts';
import type { RawParams } from '../engine/params.ts';
import { answer, type Question, readQuestion } from '../engine/run.ts';
import { type FieldErrors, InvalidParams, TooManyStreams } from '../errors.ts';
import abandonRate from '../reports/abandon-rate.ts';
import { bearerOf } from './auth.ts';
import { type Context, principalOf } from './context.ts';
import { streamSchema } from './openapi.ts';
import { reportsPath } from './reports.ts';
import { openWatches, type Watched } from './watches.ts';

const beatMs = 15_000;
// A client that does not read is let go: its backlog would grow without end.
const longestBacklogBytes = 1024 ** 2;

/** The abandon rate as server-sent events: at once, and whenever a field other than the window's two ends changes. */
export function serveStream(app: FastifyInstance, context: Context): void {
  const { config, store, tokens, now, arrivals } = context;
  const watches = openWatches(arrivals, {
    atMostEveryMs: 500,
    // What other servers on the same store take in is found by looking.
    atLeastEveryMs: store.engine === 'embedded' ? 20_000 : 1500,
  });
  const open = new Map<number, Set<FastifyReply>>();

  app.get(`${reportsPath}/abandon-rate/stream`, {
    schema: streamSchema(abandonRate),
    config: { permission: 'reports' },
    // Nobody waits for the end of a HEAD's empty stream.
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      assertMay(principal, 'abandon_rate');
      const { tenantId } = principal;
      const question = readLive(request.query as RawParams, { zones: context.zones, now: now() });
      narrow(principal, question.filters);
      const streams = open.get(tenantId) ?? new Set();
      if (streams.size >= config.streamLimit) throw new TooManyStreams(config.streamLimit);
      open.set(tenantId, streams.add(reply));
      const { raw } = reply;
      const endings: (() => void)[] = [() => streams.delete(reply)];
      raw.once('close', () => {
        for (const end of endings) end();
      });

      // An unknown campaign, or a store that is away, is an error as any other: the stream begins with its first answer.
      let say = (text: string) => void early.push(text);
      const early: string[] = [];
      await new Promise<void>((resolve, reject) => {
        const onAnswer = (text: string) => {
          say(`data: ${text}\n\n`);
          resolve();
        };
        endings.push(watches.watch(watchedOf(context, tenantId, question), { onAnswer, onError: reject }), resolve);
      }).catch((error: unknown) => {
        for (const end of endings) end();
        throw error;
      });

      reply.hijack();
      raw.writeHead(200, {
        ...(reply.getHeaders() as OutgoingHttpHeaders),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        // So that a server which stops need not wait for what would have come after the stream.
        connection: 'close',
      });
      say = (text) => {
        if (raw.writableLength > longestBacklogBytes) raw.destroy();
        else raw.write(text);
      };
      raw.write(`retry: 2000\n\n${early.join('')}`);
      const token = bearerOf(request) ?? '';
      const beat = setInterval(() => {
        // A token that was ended ends its streams.
        if (principal.tokenId !== undefined && !tokens.find(token, now())) raw.end();
        else say(': still here\n\n');
      }, beatMs).unref();
      endings.push(() => clearInterval(beat));
    },
  });
  app.addHook('preClose', async () => {
    for (const streams of open.values()) for (const { raw } of streams) raw.end();
    watches.close();
  });
}

function readLive(raw: RawParams, context: Parameters<typeof readQuestion>[2]): Question {
  const question = readQuestion(abandonRate, raw, context);
  const { as_of, history } = question.params;
  const errors: FieldErrors = {
    ...(as_of !== undefined && { as_of: ['A stream is live: the as of field may not be given.'] }),
    ...(history === true && { history: ['A stream is live: ask the report for its history.'] }),
  };
  if (Object.keys(errors).length > 0) throw new InvalidParams(errors);
  // The history's instants move by themselves: a chart takes it from the report, and its last point from the stream.
  const { history: _, ...params } = question.params;
  return { ...question, params };
}

function watchedOf(context: Context, tenantId: number, question: Question): Watched {
  const key = JSON.stringify([question.filters.campaignId, question.params]);
  return { tenantId, key, measure: () => measure(context, tenantId, question) };
}

/** The report's answer as text, and the same without what moves by itself. */
async function measure({ store, config, settings, zones, now }: Context, tenantId: number, question: Question) {
  const { data } = await answer(question, {
    tenantId,
    zones,
    now: now(),
    settings: await settings.of(tenantId),
    query: (statement) =>
      store.query(statement, { timeoutMs: config.queryTimeoutMs, memoryBytes: config.queryMemoryBytes }),
  });
  const { current, ...others } = data as { current: Record<string, unknown> };
  const { window_from: _from, window_to: _to, ...lasting } = current;
  return { text: JSON.stringify({ data }), essence: JSON.stringify([lasting, others]) };
}
