import { createHash } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { assertMay, narrow } from '../../access/roles.ts';
import type { RawParams } from '../../engine/params.ts';
import type { LiveAnswer } from '../../engine/report.ts';
import { measureLive, type Question, readQuestion } from '../../engine/run.ts';
import { InvalidParams, TooManyStreams } from '../../errors.ts';
import type { ParamFault } from '../../faults.ts';
import abandonRate from '../../reports/abandon-rate.ts';
import { beginAnswer } from '../answers/open-answers.ts';
import { type Context, principalOf } from '../context.ts';
import { streamSchema } from '../openapi.ts';
import { reportsPath } from './reports.ts';
import { openWatches, type Told, type Watched } from './watches.ts';

const beatMs = 15_000;

/** The abandon rate as server-sent events: at once, and whenever a field other than the window's two ends changes. */
export function serveStream(app: FastifyInstance, context: Context): void {
  const { config, store, now, arrivals } = context;
  const watches = openWatches(arrivals, {
    atMostEveryMs: 500,
    // What other servers on the same store take in is found by looking.
    atLeastEveryMs: store.engine === 'embedded' ? 20_000 : 1500,
  });
  const open = new Map<number, Set<FastifyReply>>();

  app.get(`${reportsPath}/abandon-rate/stream`, {
    schema: streamSchema(abandonRate),
    config: { permission: 'reports', isEndless: true },
    // Nobody waits for the end of a HEAD's empty stream.
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      assertMay(principal, 'abandon_rate');
      const { tenantId } = principal;
      const question = readLive(request.query as RawParams, { now: now() });
      narrow(principal, question.filters);
      const streams = open.get(tenantId) ?? new Set();
      if (streams.size >= config.streamLimit) throw new TooManyStreams(config.streamLimit);
      open.set(tenantId, streams.add(reply));
      const endings: (() => void)[] = [() => streams.delete(reply)];
      const endAll = () => {
        for (const end of endings.splice(0)) end();
        if (streams.size === 0 && open.get(tenantId) === streams) open.delete(tenantId);
      };
      reply.raw.once('close', endAll);

      // An unknown campaign, or a store that is away, is an error as any other: the stream begins with its first answer.
      let say = (text: string): void => void early.push(text);
      const early: string[] = [];
      await new Promise<void>((resolve, reject) => {
        const onAnswer = (text: string) => {
          say(`data: ${text}\n\n`);
          resolve();
        };
        // Whoever leaves meanwhile waits for nothing.
        endings.push(resolve);
        endings.push(watches.watch(watchedOf(context, tenantId, question), { onAnswer, onError: reject }));
      }).catch((error: unknown) => {
        endAll();
        throw error;
      });
      request.gone.throwIfAborted();

      const answer = beginAnswer(reply, {
        ...(reply.getHeaders() as OutgoingHttpHeaders),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        // So that a server which stops need not wait for what would have come after the stream.
        connection: 'close',
      });
      say = answer.write;
      say(`retry: 2000\n\n${early.join('')}`);
      // A token that ended ends its streams.
      request.gone.addEventListener('abort', answer.end, { once: true });
      const beat = setInterval(() => say(': still here\n\n'), beatMs).unref();
      endings.push(() => clearInterval(beat));
    },
  });
  app.addHook('preClose', async () => {
    for (const streams of open.values()) for (const { raw } of streams) if (raw.headersSent) raw.end();
    watches.close();
  });
}

function readLive(raw: RawParams, context: Parameters<typeof readQuestion>[2]): Question {
  const question = readQuestion(abandonRate, raw, context);
  const { as_of, history } = question.params;
  const faults: ParamFault[] = [
    ...(as_of === undefined ? [] : [{ id: 'not_live' as const, field: 'as_of' }]),
    ...(history === true ? [{ id: 'no_live_history' as const, field: 'history' }] : []),
  ];
  if (faults.length > 0) throw new InvalidParams(faults);
  // The history's instants move by themselves: a chart takes it from the report, and its last point from the stream.
  const { history: _, ...params } = question.params;
  return { ...question, params };
}

function watchedOf(context: Context, tenantId: number, question: Question): Watched {
  const { breaches_days: width = 7 } = question.params as { breaches_days?: number };
  return {
    tenantId,
    key: String(question.filters.campaignId),
    width,
    measure: async (widest, signal) => {
      const show = await measureFor(context, tenantId, { ...question, params: { breaches_days: widest } }, signal);
      return (days) => toTold(show({ breaches_days: days }));
    },
  };
}

async function measureFor(context: Context, tenantId: number, question: Question, signal: AbortSignal) {
  const { store, config, settings, now } = context;
  const { queryTimeoutMs: timeoutMs, queryMemoryBytes: memoryBytes } = config;
  return measureLive(question, {
    tenantId,
    now: now(),
    settings: await settings.of(tenantId),
    query: (statement) => store.query(statement, { tenantId, signal, timeoutMs, memoryBytes }),
  });
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64');

/** The report's answer as text, and the same without what moves by itself. */
function toTold(data: LiveAnswer): Told {
  const { current, ...others } = data;
  const { window_from: _from, window_to: _to, ...lasting } = current;
  return { text: JSON.stringify({ data }), essence: digest(JSON.stringify([lasting, others])) };
}
