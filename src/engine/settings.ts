/** The thresholds that a tenant judges by. */
export interface Settings {
  /** A conversation below this many seconds is a short call. */
  meaningful_talk_sec: number;
  /** An abandon rate over its limit is no alert before so many attempts lie in the window. */
  abandon_alert_min_attempts: number;
  /** When a caller ID is healthy, and when not: spec section 4. Percentages are 0 to 100. */
  health: HealthRules;
}

/** The rules of caller-ID health. Percentages have at most 2 decimals. */
export interface HealthRules {
  /** Fewer dials than this say nothing. */
  min_dials: number;
  /** The span before the window that a caller ID is compared with. */
  baseline_days: number;
  /** Fewer dials than this in that span are no baseline. */
  baseline_min_dials: number;
  /** Suspected block: the upper bound of ASR is below this share of the baseline's ASR. */
  block_below_baseline_pct: number;
  /** Suspected block: that upper bound is below this. */
  block_below_asr_pct: number;
  /** Suspected block: rejected dials are at least this share. */
  block_rejected_pct: number;
  /** Warning: the upper bound of ASR is below this share of the baseline's ASR. */
  warn_below_baseline_pct: number;
  /** Warning: short calls are above this share of dials. */
  warn_short_calls_pct: number;
  /** Warning: rejected dials are at least this share. */
  warn_rejected_pct: number;
}

/** What holds until a tenant says otherwise. */
export const defaultSettings: Settings = {
  meaningful_talk_sec: 30,
  abandon_alert_min_attempts: 100,
  health: {
    min_dials: 20,
    baseline_days: 28,
    baseline_min_dials: 50,
    block_below_baseline_pct: 50,
    block_below_asr_pct: 5,
    block_rejected_pct: 20,
    warn_below_baseline_pct: 80,
    warn_short_calls_pct: 40,
    warn_rejected_pct: 10,
  },
};
