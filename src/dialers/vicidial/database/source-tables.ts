/** VICIdial's tables as a sync knows them: which columns it must have, and what is lost without the others. */
import type { SourceTable, SourceTables } from '../../mysql/grants.ts';

/** The page that has the grants of all tables. */
export const vicidialDocs = 'docs/vicidial.md';

/** A table of VICIdial. */
export interface VicidialTable extends SourceTable {
  /** Whether its old rows move to a twin, `..._archive`. */
  isLog?: true;
}

const flags = ['status', 'human_answered', 'answering_machine', 'sale', 'dnc'];
const lesserFlags = {
  status_name: 'statuses are called by their codes',
  scheduled_callback: 'no disposition is a callback',
  customer_contact: 'statuses that only it flags count as no contact in dispositions',
};

/** Every table that a sync reads, with what it reads of it. Notes, refusals and the remedy of each are made from here. */
export const sourceTables: Readonly<Record<string, VicidialTable>> = {
  vicidial_log: {
    needs: ['uniqueid', 'lead_id', 'campaign_id', 'call_date', 'status', 'user'],
    mayLack: {
      start_epoch:
        'calls begin at their call_date in the zone of the source, which nothing checks, and of an hour that the clock shows twice in the first',
      end_epoch: 'dials end as long after their start as length_in_sec says',
      length_in_sec: 'dials without an end_epoch end when they start',
      user_group: 'the team of a call is that of its row in the agent log',
    },
    isLog: true,
  },
  vicidial_closer_log: {
    without:
      'what in-groups did with transferred calls is not known: such calls lack the closers, their talk and their sales, and inbound calls are not counted',
    needs: ['closecallid', 'lead_id', 'call_date', 'status', 'user'],
    mayLack: {
      uniqueid: 'in-groups are found by their leads alone, and talk there is the length in the in-group',
      start_epoch: 'calls in in-groups begin at their call_date in the zone of the source',
      end_epoch: 'calls in in-groups end as long after their start as length_in_sec says',
      length_in_sec: 'closers without a row in the agent log have no talk',
      queue_seconds: 'the wait in a queue counts as talk where the agent log has no row',
      user_group: 'closers whose call is theirs have the team of their row in the agent log',
    },
    isLog: true,
  },
  vicidial_statuses: { needs: flags, mayLack: lesserFlags },
  vicidial_campaign_statuses: {
    without: 'statuses that campaigns define for themselves count as the system\u2019s, or as unknown',
    needs: ['campaign_id', ...flags],
    mayLack: lesserFlags,
  },
  vicidial_log_extended: {
    without: 'the other logs are found by uniqueid alone, and many calls have no caller ID',
    needs: ['uniqueid', 'caller_code'],
    mayLack: { lead_id: 'calls of two servers with one uniqueid may be mixed up' },
    isLog: true,
  },
  vicidial_agent_log: {
    without: 'no call has talk or wrap seconds but those in in-groups',
    needs: ['agent_log_id', 'uniqueid', 'lead_id', 'user', 'event_time', 'talk_sec'],
    mayLack: {
      user_group: 'calls whose log names no group have no team',
      dispo_sec: 'wrap lacks the seconds of the disposition',
      dead_sec: 'seconds after the customer hung up count as talk',
    },
    isLog: true,
  },
  vicidial_carrier_log: {
    without: 'busy, rejected and failed are known by their status alone',
    needs: ['uniqueid'],
    mayLack: {
      lead_id: 'calls of two servers with one uniqueid may be mixed up',
      caller_code: 'its rows are found by uniqueid alone',
      call_date: 'its rows are found by uniqueid alone',
      hangup_cause: 'the carrier\u2019s cause is not known',
      dialstatus: 'whether the carrier picked up is not known',
      sip_hangup_cause: 'the carrier\u2019s SIP cause is not known',
    },
    isLog: true,
  },
  vicidial_dial_log: {
    without: 'calls have no caller ID but that of vicidial_dial_cid_log',
    needs: ['caller_code', 'call_date', 'outbound_cid'],
    mayLack: {
      uniqueid: 'calls without a row in vicidial_log_extended have no caller ID',
      lead_id: 'calls of two servers with one uniqueid may be mixed up',
    },
    isLog: true,
  },
  vicidial_dial_cid_log: {
    without: 'calls have no caller ID but that of vicidial_dial_log',
    needs: ['caller_code', 'call_date', 'call_type', 'outbound_cid'],
    mayLack: {},
    isLog: true,
  },
  vicidial_drop_log: {
    without: 'drops are known by their status alone',
    needs: ['uniqueid', 'drop_date'],
    mayLack: { lead_id: 'drops of two servers with one uniqueid may be mixed up' },
    isLog: true,
  },
  vicidial_list: {
    without: 'leads are known by their calls alone',
    needs: ['lead_id', 'entry_date', 'list_id'],
    mayLack: { source_id: 'leads have no source' },
    isLog: true,
  },
  vicidial_lists: {
    without: 'leads have no campaign, so they are known by their calls alone',
    needs: ['list_id', 'campaign_id'],
    mayLack: {},
  },
  vicidial_campaigns: {
    without: 'campaigns are called by their ids',
    needs: ['campaign_id'],
    mayLack: { campaign_name: 'campaigns are called by their ids', active: 'all campaigns are active' },
  },
  vicidial_users: {
    without: 'agents are called by their user names',
    needs: ['user'],
    mayLack: { full_name: 'agents are called by their user names', user_group: 'agents have no team' },
  },
  vicidial_user_groups: {
    without: 'teams are called by their ids',
    needs: ['user_group'],
    mayLack: { group_name: 'teams are called by their ids' },
  },
};

/** A table's declaration, by its own name or by that of its archive. */
export const declarationOf = (table: string): VicidialTable | undefined =>
  sourceTables[table] ?? sourceTables[table.replace(/_archive$/, '')];

/** The tables that a sync reads; with `archive`, each log is followed by its twin. */
export function tablesWith({ archive }: { archive: boolean }): SourceTables {
  if (!archive) return sourceTables;
  const ofArchive = (lost: string) => `of archived rows, ${lost}`;
  return Object.fromEntries(
    Object.entries(sourceTables).flatMap(([table, declared]) => {
      if (!declared.isLog) return [[table, declared]];
      const { without, needs, mayLack } = declared;
      const losses = Object.entries(mayLack).map(([column, lost]) => [column, ofArchive(lost)]);
      const twin = { needs, mayLack: Object.fromEntries(losses), ...(without && { without: ofArchive(without) }) };
      return [
        [table, declared],
        [`${table}_archive`, twin],
      ];
    }),
  );
}
