-- Who took which rows out as a file. Rows are only ever added.

CREATE TABLE exports_audit (
  tenant_id   UInt64,
  export_id   UUID,
  token_id    UInt64,                         -- 0: the local key of the machine
  role        LowCardinality(String),
  report      LowCardinality(String),
  format      LowCardinality(String),
  campaign_id UInt64,                         -- 0: not narrowed to one
  team_id     UInt64,                         -- 0: not narrowed to one
  agent_ids   Array(UInt64),
  timezone    LowCardinality(String),
  window_from Nullable(DateTime64(3, 'UTC')), -- NULL: the report is on the present
  window_to   Nullable(DateTime64(3, 'UTC')),
  params      Map(String, String),            -- the report's own parameters, as they were given
  row_count   UInt64,
  byte_count  UInt64,                         -- of the file itself, before any compression on the way
  outcome     LowCardinality(String),         -- complete or failed
  started_at  DateTime64(3, 'UTC'),
  ended_at    DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (tenant_id, started_at, export_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
