-- When calls of a campaign were last taken in: an answer says how fresh its rows are. One row a tenant and campaign, the latest wins.

CREATE TABLE last_arrivals (
  tenant_id   UInt64,
  campaign_id UInt64,
  taken_in_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(taken_in_at) ORDER BY (tenant_id, campaign_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
