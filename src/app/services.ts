/** What a server is made of, beside its routes: opened in order, each given what it needs. */
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { openChangeLog } from '../access/change-log.ts';
import { openExportLog } from '../access/export-log.ts';
import { openRevocations } from '../access/revocations.ts';
import { openSettings } from '../access/settings.ts';
import { openTokens } from '../access/tokens.ts';
import type { Config } from '../config.ts';
import type { Layouts } from '../export/layout.ts';
import { openExcelMaker } from '../http/answers/excel.ts';
import { openParquetMaker } from '../http/answers/parquet.ts';
import { openSpools } from '../http/answers/spool.ts';
import type { IngestByMapping } from '../http/bodies/ingest-sent.ts';
import { openMetrics } from '../http/prometheus.ts';
import { openArrivals } from '../ingest/arrivals.ts';
import { openStamp } from '../ingest/stamp.ts';
import { openWayIn, type WayInOptions } from '../ingest/way-in.ts';
import { ingestMapped } from '../mapping/ingest-mapped.ts';
import { openMakers } from '../mapping/makers.ts';
import { openMonitor } from '../monitor/monitor.ts';
import { openTurn } from '../monitor/turn.ts';
import { openRoom } from '../store/room.ts';
import { type Store, storeFor } from '../store/store.ts';
import { openAddressRule } from '../webhooks/addresses.ts';
import { openWebhooks } from '../webhooks/registry.ts';
import { openSender } from '../webhooks/sender.ts';

/** What services are opened on. */
export interface ServicesOptions {
  config: Config;
  store: Store;
  /** The key of whoever runs the server on this machine. */
  localKey: string;
  /** How files are laid out. */
  layouts: Layouts;
  /** Epoch milliseconds. */
  now: () => number;
  log: FastifyBaseLogger;
}

/** All services of one server. */
export type Services = Awaited<ReturnType<typeof openServices>>;

/** Opens the services. The store's tables are there already. */
export async function openServices({ config, store, localKey, layouts, now, log }: ServicesOptions) {
  const stamp = openStamp(now);
  const revocations = await openRevocations(join(config.dataDir, 'revocations'));
  const tokens = await openTokens(storeFor(store, { lane: 'own' }), {
    stamp,
    now,
    limit: config.tokenLimit,
    revocations,
  });
  const settings = openSettings(store, stamp);
  const room = openRoom({ directory: config.dataDir, store, reserveBytes: config.diskReserveBytes });
  const arrivals = openArrivals();
  const ways = openWays(store, config, { stamp, now, arrivals, room });
  const alerts = openAlerts({ config, store, settings, stamp, now, log });
  return {
    config,
    store,
    localKey,
    layouts,
    now,
    stamp,
    tokens,
    settings,
    room,
    arrivals,
    ...ways,
    ...alerts,
    metrics: openMetrics(alerts),
    exportLog: openExportLog(store, (error, records) =>
      log.error({ err: error, records }, 'exports could not be written down'),
    ),
    changeLog: openChangeLog(store, now, (error, record) =>
      log.error({ err: error, record }, 'a change could not be written down'),
    ),
    excel: openExcelMaker({ waitMs: config.queryWaitMs }),
    parquet: openParquetMaker({ waitMs: config.queryWaitMs }),
    spools: openSpools({
      directory: join(config.dataDir, 'uploads'),
      tenantBytes: config.spoolBytes / 4,
      totalBytes: config.spoolBytes,
      isShort: () => room.isShort(),
    }),
    async close() {
      await Promise.all([revocations.close(), ways.wayIn.close(), alerts.monitor.close(), alerts.sender.close()]);
    },
  };
}

/** The way in, for rows of ours and for files of other systems, and what a body may cost on it. */
function openWays(store: Store, config: Config, shared: Pick<WayInOptions, 'stamp' | 'now' | 'arrivals' | 'room'>) {
  const wayIn = openWayIn(store, {
    dataDir: config.dataDir,
    waitingBytes: config.ingestWaitingBytes,
    reading: { memoryBytes: config.ingestMemoryBytes, timeoutMs: config.ingestReadTimeoutMs },
    limits: { bytes: config.ingestLimitBytes, records: config.ingestLimitRows, campaigns: config.campaignLimit },
    ...shared,
  });
  const mapped = { importer: wayIn.importer, makers: openMakers({ timeoutMs: config.ingestReadTimeoutMs }) };
  const ingestByMapping: IngestByMapping = (file) => ingestMapped(mapped, { ...file, stamp: shared.stamp() });
  const rowLimits = {
    limitBytes: config.ingestLimitBytes,
    limitRows: config.ingestLimitRows,
    slowestBytes: config.ingestSlowestBytes,
  };
  return { wayIn, ingestByMapping, rowLimits };
}

/** The minute clock and the deliveries, which go on whatever else is asked for. */
function openAlerts({
  config,
  store: whole,
  settings,
  stamp,
  now,
  log,
}: Pick<ServicesOptions, 'config' | 'store' | 'now' | 'log'> & {
  settings: ReturnType<typeof openSettings>;
  stamp: () => number;
}) {
  const webhooks = openWebhooks(whole, stamp);
  const store = storeFor(whole, { lane: 'clock' });
  const addressRule = openAddressRule(config.webhookNetworks);
  const turn = openTurn(store);
  const sender = openSender({ store, webhooks, rule: addressRule, isMyTurn: () => turn.isMine(), now, log });
  const monitor = openMonitor({
    store,
    turn,
    settingsOf: (tenantId) => settings.of(tenantId),
    now,
    log,
    onEvents: () => sender.wake(),
  });
  return { webhooks, addressRule, sender, monitor };
}
