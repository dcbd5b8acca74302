/** All routes, in the order in which OpenAPI shows them. */
import type { Route } from '../http/route.ts';
import { aroundRoutes } from '../http/routes/around.ts';
import { auditRoutes } from '../http/routes/audit.ts';
import { backupRoutes } from '../http/routes/backup.ts';
import { behindRoutes } from '../http/routes/behind.ts';
import { catalogueRoutes } from '../http/routes/catalogue.ts';
import { healthRoutes } from '../http/routes/health.ts';
import { ingestRoutes } from '../http/routes/ingest.ts';
import { importRoutes } from '../http/routes/local-imports.ts';
import { mappedRoutes } from '../http/routes/mapped.ts';
import { nameRoutes } from '../http/routes/names.ts';
import { purgeRoutes } from '../http/routes/purge.ts';
import { reportRoutes } from '../http/routes/reports.ts';
import { sessionRoutes } from '../http/routes/sessions.ts';
import { settingRoutes } from '../http/routes/settings.ts';
import { syncRoutes } from '../http/routes/sync.ts';
import { tenantRoutes } from '../http/routes/tenants.ts';
import { tokenRoutes } from '../http/routes/tokens.ts';
import { webhookRoutes } from '../http/routes/webhooks.ts';
import type { Services } from './services.ts';

/** The routes of one server, each with the few services that it needs; `endless` are those whose answers have no end. */
export const routesOf = (services: Services, endless: readonly Route[]): Route[] => [
  ...healthRoutes(services),
  ...reportRoutes(services),
  ...behindRoutes(services),
  ...catalogueRoutes(services),
  ...aroundRoutes(services),
  ...auditRoutes(services),
  ...tokenRoutes(services),
  ...sessionRoutes(services),
  ...settingRoutes(services),
  ...ingestRoutes(services),
  ...nameRoutes(services),
  ...mappedRoutes(services),
  ...syncRoutes(services),
  ...endless,
  ...webhookRoutes(services),
  ...importRoutes(services),
  ...tenantRoutes(services),
  ...purgeRoutes(services),
  ...backupRoutes(services),
];
