-- Who changed what belongs to no row: tokens, purges, tenants, restores. Rows are only ever added.

CREATE TABLE changes_audit (
  tenant_id  UInt64,                 -- 0: every tenant
  changed_at DateTime64(3, 'UTC'),
  token_id   UInt64,                 -- 0: the local key of the machine
  role       LowCardinality(String),
  action     LowCardinality(String),
  details    String                  -- JSON
) ENGINE = MergeTree ORDER BY (tenant_id, changed_at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
