/** The tables of a VICIdial that a sync reads, and a few of the columns that it must not. */
const logs: Record<string, string> = {
  vicidial_log: `uniqueid VARCHAR(20) NOT NULL PRIMARY KEY, lead_id INT UNSIGNED, list_id BIGINT, campaign_id VARCHAR(8), call_date DATETIME,
    start_epoch INT UNSIGNED, end_epoch INT UNSIGNED, length_in_sec INT, status VARCHAR(6), phone_code VARCHAR(10), phone_number VARCHAR(18),
    user VARCHAR(20), comments VARCHAR(255), processed CHAR(1), user_group VARCHAR(20), term_reason VARCHAR(20) DEFAULT 'NONE',
    alt_dial VARCHAR(6) DEFAULT 'NONE', called_count SMALLINT UNSIGNED DEFAULT 0, KEY (call_date), KEY (lead_id)`,
  vicidial_closer_log: `closecallid INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, lead_id INT UNSIGNED, list_id BIGINT, campaign_id VARCHAR(20),
    call_date DATETIME, start_epoch INT UNSIGNED, end_epoch INT UNSIGNED, length_in_sec INT, status VARCHAR(6), phone_code VARCHAR(10),
    phone_number VARCHAR(18), user VARCHAR(20), comments VARCHAR(255), processed CHAR(1), queue_seconds DECIMAL(7,2) DEFAULT 0,
    user_group VARCHAR(20), xfercallid INT UNSIGNED, term_reason VARCHAR(20) DEFAULT 'NONE', uniqueid VARCHAR(20) NOT NULL DEFAULT '',
    agent_only VARCHAR(20) DEFAULT '', queue_position SMALLINT UNSIGNED DEFAULT 1, called_count SMALLINT UNSIGNED DEFAULT 0,
    KEY (lead_id), KEY (call_date), KEY (uniqueid)`,
  vicidial_log_extended: `uniqueid VARCHAR(50) PRIMARY KEY NOT NULL, server_ip VARCHAR(15), call_date DATETIME, lead_id INT UNSIGNED,
    caller_code VARCHAR(30) NOT NULL, custom_call_id VARCHAR(100), KEY (call_date)`,
  vicidial_agent_log: `agent_log_id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, user VARCHAR(20), server_ip VARCHAR(15), event_time DATETIME,
    lead_id INT UNSIGNED, campaign_id VARCHAR(8), pause_epoch INT UNSIGNED, pause_sec SMALLINT UNSIGNED DEFAULT 0, wait_epoch INT UNSIGNED,
    wait_sec SMALLINT UNSIGNED DEFAULT 0, talk_epoch INT UNSIGNED, talk_sec SMALLINT UNSIGNED DEFAULT 0, dispo_epoch INT UNSIGNED,
    dispo_sec SMALLINT UNSIGNED DEFAULT 0, status VARCHAR(6), user_group VARCHAR(20), comments VARCHAR(20), sub_status VARCHAR(6),
    dead_epoch INT UNSIGNED, dead_sec SMALLINT UNSIGNED DEFAULT 0, processed CHAR(1), uniqueid VARCHAR(20) DEFAULT '',
    pause_type VARCHAR(10), KEY (lead_id), KEY (user), KEY (event_time)`,
  vicidial_carrier_log: `uniqueid VARCHAR(20) PRIMARY KEY NOT NULL, call_date DATETIME, server_ip VARCHAR(15), lead_id INT UNSIGNED,
    hangup_cause TINYINT UNSIGNED DEFAULT 0, dialstatus VARCHAR(16), channel VARCHAR(100), dial_time SMALLINT UNSIGNED DEFAULT 0,
    answered_time SMALLINT UNSIGNED DEFAULT 0, sip_hangup_cause SMALLINT UNSIGNED DEFAULT 0, sip_hangup_reason VARCHAR(50) DEFAULT '',
    caller_code VARCHAR(30) DEFAULT '', KEY (call_date)`,
  vicidial_dial_log: `caller_code VARCHAR(30) NOT NULL, lead_id INT UNSIGNED DEFAULT 0, server_ip VARCHAR(15), call_date DATETIME,
    extension VARCHAR(100) DEFAULT '', channel VARCHAR(100) DEFAULT '', context VARCHAR(100), timeout MEDIUMINT UNSIGNED,
    outbound_cid VARCHAR(100) DEFAULT '', sip_hangup_cause SMALLINT UNSIGNED DEFAULT 0, sip_hangup_reason VARCHAR(50) DEFAULT '',
    uniqueid VARCHAR(20) DEFAULT '', KEY (caller_code), KEY (call_date)`,
  vicidial_dial_cid_log: `caller_code VARCHAR(30) NOT NULL, call_date DATETIME, call_type VARCHAR(11) DEFAULT 'OUT', call_alt VARCHAR(20) DEFAULT '',
    outbound_cid VARCHAR(20) DEFAULT '', outbound_cid_type VARCHAR(20) DEFAULT '', KEY (caller_code), KEY (call_date)`,
  vicidial_drop_log: `uniqueid VARCHAR(50) NOT NULL, server_ip VARCHAR(15) NOT NULL, drop_date DATETIME NOT NULL, lead_id INT UNSIGNED NOT NULL,
    phone_code VARCHAR(10), phone_number VARCHAR(18), campaign_id VARCHAR(20) NOT NULL, status VARCHAR(6) NOT NULL,
    drop_processed CHAR(1) DEFAULT 'N', KEY (drop_date)`,
  vicidial_list: `lead_id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, entry_date DATETIME, modify_date TIMESTAMP, status VARCHAR(6), user VARCHAR(20),
    vendor_lead_code VARCHAR(20), source_id VARCHAR(50), list_id BIGINT, phone_code VARCHAR(10), phone_number VARCHAR(18),
    first_name VARCHAR(30), last_name VARCHAR(30), alt_phone VARCHAR(12), email VARCHAR(70), called_count SMALLINT UNSIGNED DEFAULT 0`,
};

const flags = `human_answered CHAR(1) DEFAULT 'N', category VARCHAR(20) DEFAULT 'UNDEFINED', sale CHAR(1) DEFAULT 'N', dnc CHAR(1) DEFAULT 'N',
  customer_contact CHAR(1) DEFAULT 'N', not_interested CHAR(1) DEFAULT 'N', unworkable CHAR(1) DEFAULT 'N', scheduled_callback CHAR(1) DEFAULT 'N',
  completed CHAR(1) DEFAULT 'N', min_sec INT UNSIGNED DEFAULT 0, max_sec INT UNSIGNED DEFAULT 0, answering_machine CHAR(1) DEFAULT 'N'`;

const rest: Record<string, string> = {
  vicidial_statuses: `status VARCHAR(6) PRIMARY KEY NOT NULL, status_name VARCHAR(30), selectable CHAR(1), ${flags}`,
  vicidial_campaign_statuses: `status VARCHAR(6) NOT NULL, status_name VARCHAR(30), selectable CHAR(1), campaign_id VARCHAR(8), ${flags}, KEY (campaign_id)`,
  vicidial_campaigns: `campaign_id VARCHAR(8) PRIMARY KEY NOT NULL, campaign_name VARCHAR(40), active CHAR(1)`,
  vicidial_lists: `list_id BIGINT PRIMARY KEY NOT NULL, list_name VARCHAR(30), campaign_id VARCHAR(8), active CHAR(1)`,
  vicidial_users: `user_id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, user VARCHAR(20) NOT NULL UNIQUE, pass VARCHAR(100), full_name VARCHAR(50), user_level TINYINT, user_group VARCHAR(20)`,
  vicidial_user_groups: `user_group VARCHAR(20) PRIMARY KEY NOT NULL, group_name VARCHAR(40)`,
};

/** Makes an empty VICIdial of a database, with its texts in a charset. */
export function toSchema(database: string, charset = 'utf8mb4'): string {
  const table = (name: string, columns: string) =>
    `CREATE TABLE ${name} (${columns}) ENGINE = MyISAM DEFAULT CHARSET = ${charset};`;
  return [
    `CREATE DATABASE ${database}; USE ${database};`,
    ...Object.entries(rest).map(([name, columns]) => table(name, columns)),
    ...Object.entries(logs).flatMap(([name, columns]) => [
      table(name, columns),
      table(`${name}_archive`, columns.replace(' AUTO_INCREMENT', ' NOT NULL')),
    ]),
  ].join('\n');
}

/** VICIdial's own statuses: `h`uman, `m`achine, `s`ale, `d`nc, `k` callback, `c`ontact, `u`nworkable. */
export const systemStatuses: [code: string, name: string, flags: string][] = [
  ['NEW', 'New Lead', ''],
  ['QUEUE', 'Lead To Be Called', ''],
  ['INCALL', 'Lead Being Called', ''],
  ['DROP', 'Agent Not Available', 'h'],
  ['XDROP', 'Agent Not Available IN', 'h'],
  ['NA', 'No Answer AutoDial', ''],
  ['AA', 'Answering Machine Auto', ''],
  ['A', 'Answering Machine', 'm'],
  ['AB', 'Busy Auto', ''],
  ['B', 'Busy', ''],
  ['N', 'No Answer', ''],
  ['DC', 'Disconnected Number', 'u'],
  ['ADC', 'Disconnected Number Auto', 'u'],
  ['CALLBK', 'Call Back', 'hck'],
  ['DNC', 'DO NOT CALL', 'hd'],
  ['DNCL', 'DO NOT CALL Hopper Sys Match', 'd'],
  ['SALE', 'Sale Made', 'hs'],
  ['NI', 'Not Interested', 'hc'],
  ['XFER', 'Call Transferred', 'hc'],
  ['PDROP', 'Outbound Pre-Routing Drop', 'h'],
  ['LRERR', 'Outbound Local Channel Res Err', 'h'],
];

/** Statuses that campaigns define for themselves. */
export const campaignStatuses: [campaign: string, code: string, name: string, flags: string][] = [
  ['RENEW', 'INT', 'Interested', 'hs'],
  ['TELE', 'INT', 'Quan tâm', ''],
  ['RENEW', 'B', 'Booked', 'hs'],
];
