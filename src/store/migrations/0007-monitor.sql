-- What the minute clock found, and whom it told.

-- A minute of a campaign over its limit. Written once and never rewritten: of two servers that measured the same minute
-- the first one's row stays, since its version is the higher.
CREATE TABLE breaches (
  tenant_id          UInt64,
  campaign_id        UInt64,
  window_to          DateTime64(3, 'UTC'),    -- the minute
  window_from        DateTime64(3, 'UTC'),
  basis              LowCardinality(String),
  attempts_total     UInt64,
  attempts_abandoned UInt64,
  limit_pct          Decimal(9, 6),
  recorded_at        DateTime64(3, 'UTC'),
  version            UInt64                   -- the later recorded, the lower
) ENGINE = ReplacingMergeTree(version) ORDER BY (tenant_id, campaign_id, window_to)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Alerts as they opened and closed. Rows are only ever added; the one with the highest seq is the state of its subject.
CREATE TABLE alert_events (
  tenant_id   UInt64,
  seq         UInt64,
  under_mark  UInt64,                         -- the version of the mark from which the measuring went on
  event_id    UUID,
  kind        LowCardinality(String),
  subject     String,                         -- the campaign, or the caller ID
  at          DateTime64(3, 'UTC'),           -- the minute or hour that it is about
  recorded_at DateTime64(3, 'UTC'),
  details     String                          -- JSON
) ENGINE = MergeTree ORDER BY (tenant_id, seq)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Up to where has been measured.
CREATE TABLE monitor_marks (
  name    LowCardinality(String),
  at      DateTime64(3, 'UTC'),
  version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY name
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Which of several servers on one store does the measuring: of a term's claims the one with the lowest holder.
CREATE TABLE monitor_claims (
  term        UInt64,
  holder      UUID,
  beat_at     DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
  is_released Bool
) ENGINE = ReplacingMergeTree(beat_at) ORDER BY (term, holder);

CREATE TABLE webhooks (
  tenant_id   UInt64,
  webhook_id  UInt64,
  url         String,
  kinds       Array(LowCardinality(String)),
  secret      String,
  created_at  DateTime64(3, 'UTC'),
  gone_at     Nullable(DateTime64(3, 'UTC')), -- its receiver answered 410
  deleted_at  Nullable(DateTime64(3, 'UTC')),
  version     UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY (tenant_id, webhook_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Every try to tell a webhook of an event. Rows are only ever added.
CREATE TABLE webhook_attempts (
  tenant_id   UInt64,
  webhook_id  UInt64,
  event_id    UUID,
  attempt     UInt32,
  at          DateTime64(3, 'UTC'),
  outcome     LowCardinality(String),         -- delivered, failed, gave_up or gone
  status      UInt16,                         -- 0: there was no answer
  reason      String,
  duration_ms UInt32,
  next_at     Nullable(DateTime64(3, 'UTC'))
) ENGINE = MergeTree ORDER BY (tenant_id, webhook_id, event_id, attempt)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
