-- Every table that goes in is a ReplacingMergeTree: a row sent again replaces the one before it. The version begins with the
-- instant of the update and ends with a hash of the row, or the line's place in its file, so the later update wins whatever
-- the order of arrival, and between equal instants the same row always wins. How it is laid out: 0010-generations.sql.

CREATE TABLE calls (
  tenant_id        UInt64,
  campaign_id      UInt64,
  started_at       DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  call_key         UInt64,                    -- sipHash64(call_id): keeps the string out of the sort key, which FINAL reads
  call_id          String CODEC(ZSTD(1)),
  lead_id          UInt64 CODEC(ZSTD(1)),     -- 0: not given
  agent_id         UInt64 CODEC(ZSTD(1)),     -- 0: not given
  team_id          UInt64 CODEC(ZSTD(1)),     -- 0: not given; reports then take the agent's team
  cid              LowCardinality(String),
  outcome          Enum8('answered' = 1, 'abandoned' = 2, 'no_answer' = 3, 'busy' = 4, 'failed' = 5, 'rejected' = 6, 'machine' = 7, 'blocked' = 8),
  block_reason     Enum8('' = 0, 'pdpl' = 1, 'dnc' = 2, 'cap' = 3, 'other' = 4),
  talk_sec         UInt32 CODEC(ZSTD(1)),
  hold_sec         UInt32 CODEC(ZSTD(1)),
  wrap_sec         UInt32 CODEC(ZSTD(1)),
  disposition_code LowCardinality(String),
  is_conversion    Nullable(Bool),            -- NULL: not given; reports then take the disposition's flag
  version          UInt128
) ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(started_at)
ORDER BY (tenant_id, toDate(started_at), campaign_id, started_at, call_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE leads (
  tenant_id   UInt64,
  lead_id     UInt64,
  campaign_id UInt64,
  source      LowCardinality(String),
  created_at  DateTime64(3, 'UTC'),
  version     UInt128
) ENGINE = ReplacingMergeTree(version)
PARTITION BY tenant_id % 16                   -- a tenant's leads are read, and removed, without touching most others'
ORDER BY (tenant_id, lead_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE campaigns (
  tenant_id              UInt64,
  campaign_id            UInt64,
  name                   String,
  status                 LowCardinality(String),
  abandon_limit_pct      Decimal(9, 6),
  abandon_window_minutes UInt32,
  abandon_basis          LowCardinality(String),
  version                UInt128
) ENGINE = ReplacingMergeTree(version) ORDER BY (tenant_id, campaign_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE teams (
  tenant_id UInt64,
  team_id   UInt64,
  name      String,
  version   UInt128
) ENGINE = ReplacingMergeTree(version) ORDER BY (tenant_id, team_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE agents (
  tenant_id UInt64,
  agent_id  UInt64,
  name      String,
  username  String,
  team_id   UInt64,
  version   UInt128
) ENGINE = ReplacingMergeTree(version) ORDER BY (tenant_id, agent_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE dispositions (
  tenant_id     UInt64,
  code          String,
  label         String,
  category      LowCardinality(String),
  color         String,
  is_conversion Bool,
  version       UInt128
) ENGINE = ReplacingMergeTree(version) ORDER BY (tenant_id, code)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE caller_ids (
  tenant_id      UInt64,
  cid            String,
  display_name   String,
  carrier        LowCardinality(String),
  cli_type       LowCardinality(String),
  pool_status    LowCardinality(String),
  cooldown_until Nullable(DateTime64(3, 'UTC')),
  daily_cap      UInt32,
  version        UInt128
) ENGINE = ReplacingMergeTree(version) ORDER BY (tenant_id, cid)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Rows that were refused, for whoever has to mend them: the known columns alone, for 30 days.
CREATE TABLE refused_rows (
  tenant_id  UInt64,
  import_id  UUID,
  table_name LowCardinality(String),
  source     String,
  line       UInt64,
  fields     Array(String),
  reasons    Array(String),
  row        String,
  refused_at DateTime64(3, 'UTC')
) ENGINE = MergeTree PARTITION BY toYYYYMM(refused_at) ORDER BY (tenant_id, refused_at, import_id, line)
TTL toDateTime(refused_at) + INTERVAL 30 DAY DELETE;

CREATE TABLE tenants (
  tenant_id UInt64,
  name      String,
  timezone  String,
  version   UInt128
) ENGINE = ReplacingMergeTree(version) ORDER BY tenant_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE tokens (
  token_hash FixedString(64),                 -- SHA-256 of the token, in hex; the token itself is kept nowhere
  token_id   UInt64,
  tenant_id  UInt64,
  role       LowCardinality(String),
  team_id    UInt64,
  agent_id   UInt64,
  created_at DateTime64(3, 'UTC'),
  expires_at Nullable(DateTime64(3, 'UTC')),
  revoked_at Nullable(DateTime64(3, 'UTC')),
  version    UInt128
) ENGINE = ReplacingMergeTree(version) ORDER BY token_hash
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
