/** How it goes, for Prometheus: the process, the answers, the minute clock and its deliveries. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Monitor } from '../monitor/monitor.ts';
import type { Sender } from '../webhooks/sender.ts';

/** The metrics of one server. */
export interface Metrics {
  contentType: string;
  /** Counts an answer that was given. */
  count(request: FastifyRequest, reply: FastifyReply): void;
  /** All of them as text. */
  read(): Promise<string>;
}

/** Opens the metrics of one server. */
export function openMetrics(counted: { monitor: Monitor; sender: Sender }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'dialtally_http_request_duration_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  registerMonitor(registry, counted);
  return {
    contentType: registry.contentType,
    count({ method, routeOptions }, { statusCode: status, elapsedTime }) {
      durations.observe({ method, route: routeOptions.url ?? 'none', status }, elapsedTime / 1000);
    },
    read: () => registry.metrics(),
  };
}

/** The minute clock and the deliveries, as they count themselves. */
function registerMonitor(registry: Registry, { monitor, sender }: { monitor: Monitor; sender: Sender }): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `dialtally_monitor_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge(
    'measured_to_seconds',
    'The last minute that this server measured, as Unix time',
    () => monitor.counts.measuredTo / 1000,
  );
  gauge('minutes_total', 'Minutes that this server measured', () => monitor.counts.minutes);
  gauge('minutes_made_up_total', 'Minutes of them that were measured late', () => monitor.counts.minutesMadeUp);
  gauge('breaches_total', 'Minutes over a limit that were written to the ledger', () => monitor.counts.breaches);
  gauge('events_total', 'Alerts that opened or closed', () => monitor.counts.events);
  gauge('failures_total', 'Tries to measure that failed', () => monitor.counts.failures);
  gauge(
    'lagging_tenants',
    'Tenants whose minutes take too long or fail: measured beside the others',
    () => monitor.counts.lagging,
  );
  gauge('clock_steps_total', 'Times that the clock went back', () => monitor.counts.clockSteps);
  new Gauge({
    name: 'dialtally_webhook_attempts_total',
    help: 'Tries to deliver an alert, by how they ended',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      for (const [outcome, tries] of Object.entries(sender.counts)) this.set({ outcome }, tries);
    },
  });
}
