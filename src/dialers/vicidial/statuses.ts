/** VICIdial's statuses: whose definition is in force for a call, and which disposition of ours it becomes. */
import { fold } from '../mysql/fold.ts';

/** What VICIdial's own tables say of a status. */
export interface StatusFlags {
  human_answered: boolean;
  answering_machine: boolean;
  sale: boolean;
  dnc: boolean;
  scheduled_callback: boolean;
  customer_contact: boolean;
}

/** A row of `vicidial_statuses`, or of `vicidial_campaign_statuses` when it names a campaign. */
export interface StatusRow extends Partial<Record<keyof StatusFlags, string | null>> {
  status: string;
  status_name?: string | null | undefined;
  campaign_id?: string | null;
}

/** A status as it counts for a call: its spelling where it is defined, and its flags. */
export interface Status extends StatusFlags {
  code: string;
  label: string;
  /** Whether a campaign's own definition, rather than the system's, is in force. */
  isOfCampaign: boolean;
}

/** All statuses of a VICIdial. */
export interface StatusBook {
  /** The definition in force for a campaign's call: the campaign's own, else the system's. Undefined when there is none. */
  find(campaign: string, code: string): Status | undefined;
  /** One a code, as our dispositions have it: the system's, else that of the first campaign which defines it. */
  readonly all: readonly Status[];
  /** The one of `all` with that code. */
  general(code: string): Status | undefined;
}

/** Reads the definitions of statuses. */
export function toStatusBook(rows: readonly StatusRow[]): StatusBook {
  const system = new Map<string, Status>();
  const ofCampaigns = new Map<string, Status>();
  const general = new Map<string, Status>();
  const isOfCampaign = (row: StatusRow) => (row.campaign_id ?? '') !== '';
  for (const row of rows.filter((one) => !isOfCampaign(one))) {
    system.set(fold(row.status), toStatus(row));
    general.set(fold(row.status), toStatus(row));
  }
  const own = rows.filter(isOfCampaign).sort((one, other) => compare(one.campaign_id ?? '', other.campaign_id ?? ''));
  for (const row of own) {
    ofCampaigns.set(toKey(row.campaign_id ?? '', row.status), toStatus(row));
    if (!general.has(fold(row.status))) general.set(fold(row.status), toStatus(row));
  }
  return {
    find: (campaign, code) => ofCampaigns.get(toKey(campaign, code)) ?? system.get(fold(code)),
    all: [...general.values()],
    general: (code) => general.get(fold(code)),
  };
}

/** A status as a row of our dispositions. */
export function toDisposition(status: Status) {
  return {
    code: status.code,
    label: status.label || status.code,
    category: toCategory(status),
    is_conversion: status.sale,
  };
}

/**
 * The group of a disposition. A wish not to be called comes before all, a promised call before the rest. `customer_contact`
 * alone would not do: VICIdial's own SALE has it off.
 */
function toCategory(status: Status): 'remove' | 'callback' | 'contact' | 'no_contact' {
  if (status.dnc) return 'remove';
  if (status.scheduled_callback) return 'callback';
  if (isNoPerson(status.code) || status.answering_machine) return 'no_contact';
  return status.sale || status.customer_contact || status.human_answered ? 'contact' : 'no_contact';
}

/** Statuses that VICIdial flags as answered by a human although no conversation can have been: its own drops and faults. */
function isNoPerson(code: string): boolean {
  return ['drop', 'xdrop', 'pdrop', 'lrerr'].includes(fold(code));
}

function toStatus(row: StatusRow): Status {
  const is = (flag: keyof StatusFlags) => row[flag] === 'Y';
  return {
    code: row.status.trim(),
    label: row.status_name?.trim() ?? '',
    isOfCampaign: (row.campaign_id ?? '') !== '',
    human_answered: is('human_answered'),
    answering_machine: is('answering_machine'),
    sale: is('sale'),
    dnc: is('dnc'),
    scheduled_callback: is('scheduled_callback'),
    customer_contact: is('customer_contact'),
  };
}

const toKey = (campaign: string, code: string) => `${fold(campaign)}\u0000${fold(code)}`;
const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));
