import { defineKept } from '../kept.ts';
import {
  count,
  decimal,
  hex,
  id,
  instant,
  json,
  lastWins,
  list,
  optional,
  optionalId,
  text,
  textMap,
  uuid,
} from '../kinds.ts';

/** What the tenants are called, and the zone that each thinks in. */
export const tenants = defineKept({
  table: 'tenants',
  whose: 'tenant',
  key: ['tenant_id'],
  version: 'version',
  columns: { tenant_id: id, name: text, timezone: text, version: lastWins },
});

/** Tokens by their hash: a token itself is kept nowhere. */
export const tokens = defineKept({
  table: 'tokens',
  whose: 'tenant',
  key: ['token_hash'],
  version: 'version',
  columns: {
    token_hash: hex,
    token_id: id,
    tenant_id: id,
    role: text,
    team_id: optionalId,
    agent_id: optionalId,
    created_at: instant,
    expires_at: optional(instant),
    revoked_at: optional(instant),
    version: lastWins,
  },
});

/** What a tenant judges by, as the changes that led to it. */
export const settingsChanges = defineKept({
  table: 'settings_changes',
  whose: 'tenant',
  key: ['tenant_id', 'changed_at', 'name'],
  columns: {
    tenant_id: id,
    name: text,
    old_value: decimal,
    new_value: decimal,
    token_id: optionalId,
    role: text,
    changed_at: instant,
  },
});

/** Who took which rows out as a file. */
export const exportsAudit = defineKept({
  table: 'exports_audit',
  whose: 'tenant',
  key: ['tenant_id', 'started_at', 'export_id'],
  columns: {
    tenant_id: id,
    export_id: uuid,
    token_id: optionalId,
    role: text,
    report: text,
    format: text,
    campaign_id: optionalId,
    team_id: optionalId,
    agent_ids: list(id),
    timezone: text,
    window_from: optional(instant),
    window_to: optional(instant),
    params: textMap,
    row_count: count,
    byte_count: count,
    outcome: text,
    started_at: instant,
    ended_at: instant,
  },
});

/** Who changed what belongs to no row: tokens, purges, tenants, restores. */
export const changesAudit = defineKept({
  table: 'changes_audit',
  whose: 'tenant or everybody',
  key: ['tenant_id', 'changed_at'],
  columns: { tenant_id: id, changed_at: instant, token_id: optionalId, role: text, action: text, details: json },
});
