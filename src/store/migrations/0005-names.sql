-- Names that other systems use where ours are numbers: each gets an id once, and keeps it.

CREATE TABLE names (
  tenant_id UInt64,
  kind      LowCardinality(String),           -- campaign, agent, team or lead
  name      String,
  id        UInt64,
  version   UInt64 DEFAULT bitNot(id)         -- should two servers name one thing at once, the lower id stays
) ENGINE = ReplacingMergeTree(version)
PARTITION BY tenant_id % 16                   -- a lead's name is removed without touching most other tenants'
ORDER BY (tenant_id, kind, name)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The last id that was given, also when its name is gone: an id is never given to a second name.
CREATE TABLE name_marks (
  tenant_id UInt64,
  kind      LowCardinality(String),
  last_id   UInt64
) ENGINE = ReplacingMergeTree(last_id) ORDER BY (tenant_id, kind)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The key under which a tenant's phone numbers become lead ids. It is made once and never leaves the store.
CREATE TABLE hash_keys (
  tenant_id UInt64,
  key       FixedString(64),                  -- 256 random bits, in hex
  version   UInt64                            -- the first one made stays
) ENGINE = ReplacingMergeTree(version) ORDER BY tenant_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
