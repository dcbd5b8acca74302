import { join } from 'node:path';
import compress from '@fastify/compress';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { openChangeLog } from './access/change-log.ts';
import { openExportLog } from './access/export-log.ts';
import { openRevocations } from './access/revocations.ts';
import { openSettings } from './access/settings.ts';
import { openTokens, type Tokens } from './access/tokens.ts';
import type { Config } from './config.ts';
import { genericLayouts } from './export/generic-layout.ts';
import type { Layouts } from './export/layout.ts';
import { refuseBroken, refuseUnheard, replyWithError, replyWithErrors } from './http/answers/error-reply.ts';
import { openExcelMaker } from './http/answers/excel.ts';
import { limitAnswers, watchAnswers } from './http/answers/open-answers.ts';
import { spoolLarge } from './http/answers/rows.ts';
import { openSpools } from './http/answers/spool.ts';
import { readBodies } from './http/bodies/json-body.ts';
import { type Context, parseQueryString } from './http/context.ts';
import { authenticate } from './http/guards/auth.ts';
import { boundConnections, headTimes } from './http/guards/connections.ts';
import { guardAnswers } from './http/guards/headers.ts';
import { openRates } from './http/guards/rates.ts';
import { keepRoom } from './http/guards/room.ts';
import { describeRoutes } from './http/openapi.ts';
import { serveAround } from './http/routes/around.ts';
import { serveAudit } from './http/routes/audit.ts';
import { serveBackup } from './http/routes/backup.ts';
import { serveCatalogue } from './http/routes/catalogue.ts';
import { serveHealth } from './http/routes/health.ts';
import { serveIngest } from './http/routes/ingest.ts';
import { serveMapped } from './http/routes/mapped.ts';
import { serveLeadOfPhone, serveNames } from './http/routes/names.ts';
import { serveOperator } from './http/routes/operator.ts';
import { serveReports } from './http/routes/reports.ts';
import { serveSettings } from './http/routes/settings.ts';
import { serveStream } from './http/routes/stream.ts';
import { serveSync } from './http/routes/sync.ts';
import { serveTokens } from './http/routes/tokens.ts';
import { serveWebhooks } from './http/routes/webhooks.ts';
import { openArrivals } from './ingest/arrivals.ts';
import { openStamp } from './ingest/stamp.ts';
import { openWayIn } from './ingest/way-in.ts';
import { openMakers } from './mapping/makers.ts';
import type { MonitorLog } from './monitor/clockwork.ts';
import { openMonitor } from './monitor/monitor.ts';
import { openTurn } from './monitor/turn.ts';
import { openRoom } from './store/room.ts';
import { type Store, storeFor } from './store/store.ts';
import { openAddressRule } from './webhooks/addresses.ts';
import { openWebhooks } from './webhooks/registry.ts';
import { openSender } from './webhooks/sender.ts';

/** What an application is made of. */
export interface AppOptions {
  config: Config;
  store: Store;
  /** The key that the command line on this machine shows. */
  localKey: string;
  /** How files are laid out; the generic layouts unless customers have their own. */
  layouts?: Layouts;
  now?: () => number;
  logger?: FastifyServerOptions['logger'];
}

/** Everything wired, nothing listening. The store's tables are there already. */
export async function buildApp({
  config,
  store,
  localKey,
  layouts = genericLayouts,
  now = Date.now,
  logger = false,
}: AppOptions): Promise<FastifyInstance> {
  const stamp = openStamp(now);
  const revocations = await openRevocations(join(config.dataDir, 'revocations'));
  const tokens = await openTokens(storeFor(store, { lane: 'own' }), {
    stamp,
    now,
    limit: config.tokenLimit,
    revocations,
  });
  const settings = openSettings(store, stamp);
  const webhooks = openWebhooks(store, stamp);
  // The minute clock and the deliveries go on whatever else is asked for.
  const clockStore = storeFor(store, { lane: 'clock' });
  const addressRule = openAddressRule(config.webhookNetworks);
  const turn = openTurn(clockStore);
  const log: MonitorLog = {
    info: (details, message) => app.log.info(details, message),
    warn: (details, message) => app.log.warn(details, message),
    error: (details, message) => app.log.error(details, message),
  };
  const isMyTurn = () => turn.isMine();
  const sender = openSender({ store: clockStore, webhooks, rule: addressRule, isMyTurn, now, log });
  const monitor = openMonitor({
    store: clockStore,
    turn,
    settingsOf: (tenantId) => settings.of(tenantId),
    now,
    log,
    onEvents: () => sender.wake(),
  });
  const arrivals = openArrivals();
  const room = openRoom({ directory: config.dataDir, store, reserveBytes: config.diskReserveBytes });
  const intake = openWayIn(store, {
    dataDir: config.dataDir,
    waitingBytes: config.ingestWaitingBytes,
    reading: { memoryBytes: config.ingestMemoryBytes, timeoutMs: config.ingestReadTimeoutMs },
    limits: { bytes: config.ingestLimitBytes, records: config.ingestLimitRows, campaigns: config.campaignLimit },
    stamp,
    now,
    arrivals,
    room,
  });
  const context: Context = {
    config,
    store,
    tokens,
    settings,
    webhooks,
    addressRule,
    monitor,
    sender,
    exportLog: openExportLog(store, (error, records) =>
      app.log.error({ err: error, records }, 'exports could not be written down'),
    ),
    changeLog: openChangeLog(store, now, (error, record) =>
      app.log.error({ err: error, record }, 'a change could not be written down'),
    ),
    layouts,
    excel: openExcelMaker({ waitMs: config.queryWaitMs }),
    spools: openSpools({
      directory: join(config.dataDir, 'uploads'),
      tenantBytes: config.spoolBytes / 4,
      totalBytes: config.spoolBytes,
      isShort: () => room.isShort(),
    }),
    now,
    stamp,
    arrivals,
    intake,
    mappedImporter: {
      importer: intake.importer,
      makers: openMakers({ timeoutMs: config.ingestReadTimeoutMs }),
    },
    room,
    localKey,
  };

  const app = fastify({
    logger,
    http: headTimes,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    routerOptions: { querystringParser: parseQueryString, ignoreTrailingSlash: true },
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseBroken,
    frameworkErrors: (error, request, reply) => void replyWithError(error, request, reply),
  });
  // Schemas describe; `engine/params` reads, so that the command line and HTTP say the same.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  replyWithErrors(app);
  refuseUnheard(app.server);
  await guardAnswers(app);
  watchAnswers(app, context);
  spoolLarge(app, context);
  await app.register(compress, {
    threshold: 2048,
    encodings: ['gzip', 'deflate', 'identity'],
    // Bodies are unpacked where they are read, within their limits.
    globalDecompression: false,
  });
  authenticate(app, context, {
    rates: openRates(config),
    connections: boundConnections(app.server, config.connectionLimit),
  });
  limitAnswers(app, context);
  keepRoom(app, context);
  readBodies(app, context);
  await describeRoutes(app, now);

  serveHealth(app, context);
  serveReports(app, context);
  serveCatalogue(app);
  serveAround(app, context);
  serveAudit(app, context);
  serveTokens(app, context);
  serveSettings(app, context);
  await serveIngest(app, context);
  serveNames(app, context);
  serveLeadOfPhone(app, context);
  await serveMapped(app, context);
  serveSync(app, context);
  serveStream(app, context);
  serveWebhooks(app, context);
  serveOperator(app, context);
  serveBackup(app, context);
  app.get('/', { schema: { hide: true }, config: { permission: null } }, async (_request, reply) =>
    reply.redirect('/api/docs'),
  );

  // Other servers on the same store make and end tokens too; alone, there are revocations that could not be written yet.
  const stopLooking = lookForTokens(tokens, app, store.engine === 'server' ? 500 : 2000);
  app.decorate('startMonitor', () => {
    monitor.start();
    sender.start();
  });
  app.addHook('onClose', async () => {
    stopLooking();
    await Promise.all([revocations.close(), intake.close(), monitor.close(), sender.close()]);
  });
  await app.ready();
  return app;
}

function lookForTokens(tokens: Tokens, app: FastifyInstance, everyMs: number): () => void {
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    await tokens.refresh().catch((error: unknown) => app.log.warn({ err: error }, 'tokens were not refreshed'));
    isLooking = false;
  }, everyMs).unref();
  return () => clearInterval(timer);
}
