/** What a tenant judges by: read, change, and who changed what. For admins. */
import { settingChangeSchema, type TenantSettings } from '../../access/settings.ts';
import { settingsSchema, someSettingsSchema } from '../../engine/settings.ts';
import type { Arrivals } from '../../ingest/arrivals.ts';
import { dataAnswer, listAnswer } from '../answers/answer-kinds.ts';
import { spanOf } from '../asked/span.ts';
import { defineRoute, type Route } from '../route.ts';

const path = '/api/telesales/settings';
const tags = ['Settings'];

/** What settings are changed with. */
export interface SettingsServices {
  settings: TenantSettings;
  arrivals: Pick<Arrivals, 'tell'>;
}

/** The settings of the asker's tenant. */
export function settingRoutes({ settings, arrivals }: SettingsServices): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path,
      permission: 'settings',
      about: { tags, operationId: 'settings', summary: 'What the tenant judges by' },
      answer: dataAnswer(settingsSchema),
      faults: [401, 403, 422, 429, 503],
      handler: ({ asker }) => settings.of(asker.tenantId),
    }),
    defineRoute({
      method: 'PUT',
      path,
      permission: 'settings',
      about: {
        tags,
        operationId: 'change-settings',
        summary: 'Change some of it, or all',
        description: 'What is left out stays. All of the changes are made, or none. Reports judge by them at once.',
      },
      // The settings read it by themselves.
      body: { schema: someSettingsSchema, read: (body) => body },
      answer: dataAnswer(settingsSchema),
      handler: async ({ body, asker }) => {
        const changed = await settings.set(asker.principal, body);
        arrivals.tell(asker.tenantId, 'settings');
        return changed;
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${path}/changes`,
      permission: 'settings',
      about: {
        tags,
        operationId: 'settings-changes',
        summary: 'Who changed which setting, and when',
        description: 'Newest first. Nothing is ever removed from it.',
      },
      query: spanOf('changes'),
      answer: listAnswer(settingChangeSchema),
      handler: ({ query, asker: { tenantId, gone } }) => settings.changes(tenantId, { ...query, signal: gone }),
    }),
  ];
}
