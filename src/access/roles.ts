/** Who may do what: the roles, what each is permitted, and how filters are kept within the asker's part of a tenant. */
import { Forbidden } from '../errors.ts';

/** What a token may be for. */
export const roles = ['admin', 'supervisor', 'agent', 'read_only', 'ingest'] as const;
/** One of them. */
export type Role = (typeof roles)[number];

/** Whoever may ask: a token by its role, or the holder of the server's local key. */
export const askerRoles = [...roles, 'operator'] as const;

const adminMay = [
  'reports',
  'exports',
  'abandon_rate',
  'ingest',
  'tokens',
  'refused_rows',
  'audit',
  'purge',
  'settings',
  'webhooks',
  'names',
] as const;

/** All that may be allowed. `operate` is for whoever holds the server's local key: every tenant, and the server itself. */
export const permissionNames = [...adminMay, 'operate'] as const;
/** One of them. */
export type Permission = (typeof permissionNames)[number];

/** What carries a token: a program as its bearer, a browser as its session, or a link that signs in once. */
export const tokenKinds = ['token', 'session', 'link'] as const;
/** One of them. */
export type TokenKind = (typeof tokenKinds)[number];

/** Who asks: the tenant is fixed, and so is the part of it that may be seen. */
export interface Principal {
  role: (typeof askerRoles)[number];
  tenantId: number;
  tokenId?: number;
  /** What carries its token: a program, a browser, or a link that can only sign in. */
  kind?: TokenKind;
  /** Only this team's part of the tenant. */
  teamId?: number;
  /** Only this agent's part of the tenant. */
  agentId?: number;
}

const permissions: Record<Principal['role'], readonly Permission[]> = {
  operator: permissionNames,
  admin: adminMay,
  supervisor: ['reports', 'exports', 'abandon_rate'],
  agent: ['reports', 'exports'],
  read_only: ['reports', 'abandon_rate'],
  ingest: ['ingest'],
};

/** Everything that a principal may do. */
export function permissionsOf(principal: Principal): readonly Permission[] {
  return permissions[principal.role];
}

/** Throws Forbidden unless the principal may do this. */
export function assertMay(principal: Principal, permission: Permission): void {
  if (!permissions[principal.role].includes(permission)) {
    throw new Forbidden(`A token of role ${principal.role} may not do this (${permission.replace('_', ' ')}).`);
  }
}

/** The part of the tenant that a principal may see, as filters; none of them for who may see all of it. */
export function partOf({ teamId, agentId }: Principal): Narrowing {
  if (agentId !== undefined) return { agentIds: [agentId] };
  return teamId === undefined ? {} : { teamId };
}

/** What somebody filtered by. */
interface Narrowing {
  campaignId?: number | undefined;
  teamId?: number | undefined;
  agentIds?: readonly number[] | undefined;
}

/**
 * The filters, kept within the part of the tenant that the principal may see. Throws Forbidden when they ask for
 * somebody else's part.
 */
export function narrow(principal: Principal, filters: Narrowing): Narrowing {
  if (principal.agentId !== undefined) {
    if (filters.teamId !== undefined || filters.agentIds?.some((agent) => agent !== principal.agentId)) {
      throw new Forbidden(`This token may see the calls of agent ${principal.agentId} alone.`);
    }
    return { ...filters, agentIds: [principal.agentId] };
  }
  if (principal.teamId !== undefined) {
    if (filters.teamId !== undefined && filters.teamId !== principal.teamId) {
      throw new Forbidden(`This token may see team ${principal.teamId} alone.`);
    }
    return { ...filters, teamId: principal.teamId };
  }
  return filters;
}
