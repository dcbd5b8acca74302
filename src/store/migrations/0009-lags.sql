-- Tenants whose minutes take so long that the others' do not wait for them: up to where each has been measured.
CREATE TABLE monitor_lags (
  tenant_id  UInt64,
  at         DateTime64(3, 'UTC'),
  under_mark UInt64,                          -- under which its events are written, as if it had a mark of its own
  is_over    Bool,                            -- it keeps pace again: the mark of all is its own
  version    UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY tenant_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
