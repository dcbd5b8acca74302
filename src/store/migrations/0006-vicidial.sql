-- How far each sync from another system is: its own words, one row a tenant and source.

CREATE TABLE sync_states (
  tenant_id UInt64,
  source    String,
  state     String,
  revision  UInt64,
  saved_at  DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
) ENGINE = ReplacingMergeTree(revision) ORDER BY (tenant_id, source)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
