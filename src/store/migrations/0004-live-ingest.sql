-- What was answered to a request with an Idempotency-Key: its repetition gets the same answer. The rows that were refused
-- are not in it: they are read from refused_rows again, so that removing them there removes them.

CREATE TABLE ingest_answers (
  tenant_id       UInt64,
  idempotency_key String CODEC(ZSTD(1)),
  fingerprint     FixedString(64),            -- SHA-256, in hex, of the table, the format, strict and the body
  answer          String CODEC(ZSTD(1)),
  answered_at     DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(answered_at) ORDER BY (tenant_id, idempotency_key)
TTL toDateTime(answered_at) + INTERVAL 2 DAY DELETE
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What an answer tells was refused is kept as safely as what was taken in.
ALTER TABLE refused_rows MODIFY SETTING fsync_after_insert = 1, fsync_part_directory = 1;
