/** What worlds judge by, as settings. */
import type { Settings } from '../src/engine/settings.ts';
import type { Thresholds } from './oracle/plain/world.ts';

/** Thresholds as the tenant's settings hold them. */
export function toSettings(thresholds: Thresholds): Settings {
  return {
    meaningful_talk_sec: thresholds.meaningfulSec,
    abandon_alert_min_attempts: 100,
    health: {
      min_dials: thresholds.minDials,
      baseline_days: thresholds.baselineDays,
      baseline_min_dials: thresholds.baselineMinDials,
      block_below_baseline_pct: Number(thresholds.blockBelowBaseline),
      block_below_asr_pct: Number(thresholds.blockBelowAsr),
      block_rejected_pct: Number(thresholds.blockRejected),
      warn_below_baseline_pct: Number(thresholds.warnBelowBaseline),
      warn_short_calls_pct: Number(thresholds.warnShortCalls),
      warn_rejected_pct: Number(thresholds.warnRejected),
    },
  };
}
