-- What a tenant judges by, as the changes that led to it: of each setting the last one holds. Rows are only ever added.

CREATE TABLE settings_changes (
  tenant_id  UInt64,
  name       LowCardinality(String),
  old_value  Decimal(18, 2),                  -- as whoever changed it saw it
  new_value  Decimal(18, 2),
  token_id   UInt64,                          -- 0: the local key of the machine
  role       LowCardinality(String),
  changed_at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (tenant_id, changed_at, name)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
