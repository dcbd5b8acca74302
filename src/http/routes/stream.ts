/** The abandon rate as server-sent events: at once, and whenever a field other than the window's two ends changes. */
import { createHash } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import { narrow } from '../../access/roles.ts';
import type { TenantSettings } from '../../access/settings.ts';
import type { Config } from '../../config.ts';
import type { RawParams } from '../../engine/params.ts';
import { type LiveAnswer, paramsOf } from '../../engine/report.ts';
import { measureLive, type Question, readQuestion } from '../../engine/run.ts';
import { toResponseSchema } from '../../engine/schema.ts';
import { InvalidParams, TooManyStreams } from '../../errors.ts';
import type { ParamFault } from '../../faults.ts';
import type { Arrivals } from '../../ingest/arrivals.ts';
import abandonRate from '../../reports/abandon-rate.ts';
import type { Store } from '../../store/store.ts';
import { plainAnswer } from '../answers/answer-kinds.ts';
import { beginAnswer } from '../answers/open-answers.ts';
import { openWatches, type Told, type Watched } from '../answers/watches.ts';
import type { Input } from '../asked/input.ts';
import { toQuerySchema } from '../asked/params-schema.ts';
import type { Asker } from '../asker.ts';
import { pathOf } from '../report-path.ts';
import { defineRoute, type Route } from '../route.ts';

const beatMs = 15_000;

/** What streams are measured with. */
export interface StreamServices {
  store: Store;
  settings: TenantSettings;
  /** Word of rows that were stored. */
  arrivals: Arrivals;
  config: Pick<Config, 'streamLimit' | 'queryTimeoutMs' | 'queryMemoryBytes'>;
  now: () => number;
}

/** The streams of one server. */
export interface Streams {
  route: Route;
  /** Ends all of them, so that a server which stops need not wait for their ends. */
  close(): void;
}

/** Opens the streams of one server. */
export function openStreams(services: StreamServices): Streams {
  const { config, store, arrivals } = services;
  const watches = openWatches(arrivals, {
    atMostEveryMs: 500,
    // What other servers on the same store take in is found by looking.
    atLeastEveryMs: store.engine === 'embedded' ? 20_000 : 1500,
  });
  const open = new Map<number, Set<FastifyReply>>();

  /** Answers with a stream that begins with its first answer: an unknown campaign, or a store that is away, is an error as any other. */
  async function begin(question: Question, { tenantId, gone }: Asker, reply: FastifyReply): Promise<void> {
    const streams = open.get(tenantId) ?? new Set();
    if (streams.size >= config.streamLimit) throw new TooManyStreams(config.streamLimit);
    open.set(tenantId, streams.add(reply));
    const endings: (() => void)[] = [() => streams.delete(reply)];
    const endAll = () => {
      for (const end of endings.splice(0)) end();
      if (streams.size === 0 && open.get(tenantId) === streams) open.delete(tenantId);
    };
    reply.raw.once('close', endAll);

    let say = (text: string): void => void early.push(text);
    const early: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const onAnswer = (text: string) => {
        say(`data: ${text}\n\n`);
        resolve();
      };
      // Whoever leaves meanwhile waits for nothing.
      endings.push(resolve);
      endings.push(watches.watch(watchedOf(services, tenantId, question), { onAnswer, onError: reject }));
    }).catch((error: unknown) => {
      endAll();
      throw error;
    });
    gone.throwIfAborted();

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
    gone.addEventListener('abort', answer.end, { once: true });
    const beat = setInterval(() => say(': still here\n\n'), beatMs).unref();
    endings.push(() => clearInterval(beat));
  }

  return {
    route: defineRoute({
      method: 'GET',
      path: `${pathOf(abandonRate)}/stream`,
      permission: ['reports', 'abandon_rate'],
      isEndless: true,
      about: {
        tags: ['Reports'],
        operationId: `${abandonRate.name}-stream`,
        summary: `${abandonRate.title} as it changes`,
        description:
          'Server-sent events: the same object at once, and whenever a field other than the two ends of its window changes.',
      },
      query: liveQuestion,
      answer: plainAnswer({
        description: 'Events without end; each has the whole answer as its data',
        content: { 'text/event-stream': { schema: toResponseSchema(abandonRate) } },
      }),
      handler: ({ query: question, asker, reply }) => {
        narrow(asker.principal, question.filters);
        return begin(question, asker, reply);
      },
    }),
    close() {
      for (const streams of open.values()) for (const { raw } of streams) if (raw.headersSent) raw.end();
      watches.close();
    },
  };
}

// Another window is not known here.
const { compare: _other, ...shared } = abandonRate.shared;
const streamed = { ...abandonRate, shared };
// A stream is live: it ends now, and has no past. It says itself how fresh it is.
const { as_of: _end, history: _past, with: _beside, ...liveParams } = paramsOf(streamed);

const liveQuestion: Input<RawParams, Question> = {
  schema: toQuerySchema(liveParams),
  read(raw, context) {
    const question = readQuestion(streamed, raw, context);
    const { as_of, history } = question.params;
    const faults: ParamFault[] = [
      ...(as_of === undefined ? [] : [{ id: 'not_live' as const, field: 'as_of' }]),
      ...(history === true ? [{ id: 'no_live_history' as const, field: 'history' }] : []),
      ...(question.with ? [{ id: 'nothing_beside_stream' as const, field: 'with' }] : []),
    ];
    if (faults.length > 0) throw new InvalidParams(faults);
    // The history's instants move by themselves: a chart takes it from the report, and its last point from the stream.
    const { history: _, ...params } = question.params;
    return { ...question, params };
  },
};

function watchedOf(services: StreamServices, tenantId: number, question: Question): Watched {
  const { breaches_days: width = 7 } = question.params as { breaches_days?: number };
  return {
    tenantId,
    key: String(question.filters.campaignId),
    width,
    measure: async (widest, signal) => {
      const show = await measureFor(services, tenantId, { ...question, params: { breaches_days: widest } }, signal);
      return (days) => toTold(show({ breaches_days: days }));
    },
  };
}

async function measureFor(services: StreamServices, tenantId: number, question: Question, signal: AbortSignal) {
  const { store, config, settings, now } = services;
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
