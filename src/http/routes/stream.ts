/** The abandon rate as server-sent events: at once, and whenever a field other than the window's two ends changes. */
import { createHash } from 'node:crypto';
import { narrow } from '../../access/roles.ts';
import type { TenantSettings } from '../../access/settings.ts';
import type { Config } from '../../config.ts';
import type { RawParams } from '../../engine/params.ts';
import { type LiveAnswer, paramsOf } from '../../engine/report.ts';
import { measureLive, type Question, readQuestion } from '../../engine/run.ts';
import { toResponseSchema } from '../../engine/schema.ts';
import { InvalidParams } from '../../errors.ts';
import type { ParamFault } from '../../faults.ts';
import type { Arrivals } from '../../ingest/arrivals.ts';
import abandonRate from '../../reports/abandon-rate.ts';
import type { Store } from '../../store/store.ts';
import { plainAnswer } from '../answers/answer-kinds.ts';
import type { EventStreams } from '../answers/event-streams.ts';
import { openWatches, type Told, type Watched } from '../answers/watches.ts';
import type { Input } from '../asked/input.ts';
import { toQuerySchema } from '../asked/params-schema.ts';
import { pathOf } from '../report-path.ts';
import { defineRoute, type Route } from '../route.ts';

/** What streams are measured with. */
export interface LiveRateServices {
  store: Store;
  settings: TenantSettings;
  /** Word of rows that were stored. */
  arrivals: Arrivals;
  streams: EventStreams;
  config: Pick<Config, 'queryTimeoutMs' | 'queryMemoryBytes'>;
  now: () => number;
}

/** The live abandon rate. */
export interface LiveRate {
  route: Route;
  /** Ends all measuring. */
  close(): void;
}

/** Opens the live abandon rate of one server. */
export function openLiveRate(services: LiveRateServices): LiveRate {
  const { store, arrivals, streams } = services;
  const watches = openWatches(arrivals, {
    atMostEveryMs: 500,
    // What other servers on the same store take in is found by looking.
    atLeastEveryMs: store.engine === 'embedded' ? 20_000 : 1500,
  });
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
        const watched = watchedOf(services, asker.tenantId, question);
        return streams.answer(asker, reply, ({ onText, onError }) =>
          watches.watch(watched, { onAnswer: onText, onError }),
        );
      },
    }),
    close: watches.close,
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

function watchedOf(services: LiveRateServices, tenantId: number, question: Question): Watched {
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

async function measureFor(services: LiveRateServices, tenantId: number, question: Question, signal: AbortSignal) {
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
