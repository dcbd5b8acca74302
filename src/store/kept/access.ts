/** The tables about access: tenants, tokens, changes of settings, and the logs of exports and changes. */
import { defineKept } from '../kept.ts';
import {
  lastWins,
  storedCount,
  storedDecimal,
  storedHex,
  storedId,
  storedInstant,
  storedJson,
  storedList,
  storedOptional,
  storedOptionalId,
  storedText,
  storedTextMap,
  storedUuid,
  storedWordSince,
} from '../stored-kinds.ts';

/** What the tenants are called, and the zone that each thinks in. */
export const tenants = defineKept({
  table: 'tenants',
  whose: 'tenant',
  key: ['tenant_id'],
  version: 'version',
  columns: { tenant_id: storedId, name: storedText, timezone: storedText, version: lastWins },
});

/** Tokens by their hash: a token itself is kept nowhere. */
export const tokens = defineKept({
  table: 'tokens',
  whose: 'tenant',
  key: ['token_hash'],
  version: 'version',
  columns: {
    token_hash: storedHex,
    token_id: storedId,
    tenant_id: storedId,
    role: storedText,
    team_id: storedOptionalId,
    agent_id: storedOptionalId,
    kind: storedWordSince('token'),
    of_token_id: storedOptionalId,
    created_at: storedInstant,
    expires_at: storedOptional(storedInstant),
    revoked_at: storedOptional(storedInstant),
    version: lastWins,
  },
});

/** What a tenant judges by, as the changes that led to it. */
export const settingsChanges = defineKept({
  table: 'settings_changes',
  whose: 'tenant',
  key: ['tenant_id', 'changed_at', 'name'],
  columns: {
    tenant_id: storedId,
    name: storedText,
    old_value: storedDecimal,
    new_value: storedDecimal,
    token_id: storedOptionalId,
    role: storedText,
    changed_at: storedInstant,
  },
});

/** Who took which rows out as a file. */
export const exportsAudit = defineKept({
  table: 'exports_audit',
  whose: 'tenant',
  key: ['tenant_id', 'started_at', 'export_id'],
  columns: {
    tenant_id: storedId,
    export_id: storedUuid,
    token_id: storedOptionalId,
    role: storedText,
    report: storedText,
    format: storedText,
    campaign_id: storedOptionalId,
    team_id: storedOptionalId,
    agent_ids: storedList(storedId),
    timezone: storedText,
    window_from: storedOptional(storedInstant),
    window_to: storedOptional(storedInstant),
    params: storedTextMap,
    row_count: storedCount,
    byte_count: storedCount,
    outcome: storedText,
    started_at: storedInstant,
    ended_at: storedInstant,
  },
});

/** Who changed what belongs to no row: tokens, purges, tenants, restores. */
export const changesAudit = defineKept({
  table: 'changes_audit',
  whose: 'tenant or everybody',
  key: ['tenant_id', 'changed_at'],
  columns: {
    tenant_id: storedId,
    changed_at: storedInstant,
    token_id: storedOptionalId,
    role: storedText,
    action: storedText,
    details: storedJson,
  },
});
