/** The campaigns of the made-up call centre: standing ones, one more each month, and how each does from day to day. */
import { calendarDay, type Day, dayIn, instantOf, type Month, monthLabel, monthOf, weekdayOf } from './calendar.ts';
import { chanceOf, hash } from './random.ts';
import { type GeneratedRow, iso, SET_UP } from './row.ts';

/** A campaign: who works on it, how well it does, and the days on which its status changes. */
export interface Campaign {
  campaign_id: number;
  name: string;
  teams: readonly number[];
  /** Its part of the floor's work at full speed. */
  share: number;
  /** How its leads answer and buy, against the floor's average. */
  answering: number;
  buying: number;
  /** Persons who picked up and got no agent, as a part of live answers on a quiet day. */
  abandoning: number;
  abandon_basis: 'attempts' | 'live_answers';
  life: { drafted: Day; starts: Day; pauses: Day; ends: Day } | null;
}

const STANDING: Campaign[] = [
  standing(1, 'Thẻ tín dụng Premier', [1, 2], 0.28, 1.05, 0.9),
  standing(2, 'Bảo hiểm sức khỏe An Tâm', [2, 3], 0.24, 0.94, 0.8),
  standing(3, 'Internet cáp quang gia đình', [3, 4], 0.16, 1.08, 1.35),
  standing(4, 'Khóa học tiếng Anh trực tuyến', [1, 4], 0.12, 0.96, 1.1),
];

const SEASONAL = ['Vay tiêu dùng', 'Gói cước 5G', 'Ưu đãi khách hàng cũ', 'Bảo hiểm xe', 'Du lịch trọn gói'];

function standing(
  campaign_id: number,
  name: string,
  teams: number[],
  share: number,
  answering: number,
  buying: number,
): Campaign {
  const isPredictive = campaign_id === 2;
  return {
    campaign_id,
    name,
    teams,
    share,
    answering,
    buying,
    abandoning: isPredictive ? 0.022 : 0.016,
    abandon_basis: isPredictive ? 'live_answers' : 'attempts',
    life: null,
  };
}

/** Every month has a campaign of its own: drafted the month before, live for five weeks, then paused, then completed. */
function seasonal(month: Month): Campaign {
  return {
    campaign_id: Math.floor(month / 12) * 100 + (month % 12) + 1,
    name: `${SEASONAL[month % SEASONAL.length]} T${monthLabel(month)}`,
    teams: [1, 3, 4],
    share: 0.26,
    answering: 0.92 + 0.16 * chanceOf(month),
    buying: 0.7 + 0.7 * chanceOf(month, 1),
    abandoning: 0.014,
    abandon_basis: 'attempts',
    life: {
      drafted: dayIn(month - 1, 3),
      starts: dayIn(month, 4),
      pauses: dayIn(month + 1, 10),
      ends: dayIn(month + 2, 11),
    },
  };
}

const seasons = new Map<Month, Campaign>();

/** The campaigns known in that month: the standing ones, and each month's own from three months back to the next. */
export function campaignsAround(month: Month): Campaign[] {
  const around = [...STANDING];
  for (let each = month - 3; each <= month + 1; each += 1) {
    if (!seasons.has(each)) seasons.set(each, seasonal(each));
    around.push(seasons.get(each)!);
  }
  return around;
}

/** Whether agents dial for the campaign on that day. */
export function isDialing({ life }: Campaign, day: Day): boolean {
  return life === null || (day >= life.starts && day < life.pauses);
}

/** How much of its share a campaign takes in on that day: it ramps up in its first weeks and runs dry before its last. */
export function appetite({ life, share }: Campaign, day: Day): number {
  if (life === null) return share;
  if (day < life.starts || day >= life.pauses - 9) return 0;
  return share * Math.min(1, (day - life.starts + 3) / 14);
}

/** The part of live answers that finds no agent then: on two mornings a month the dialer runs far ahead of the agents. */
export function abandonment(campaign: Campaign, day: Day, timeOfDay: number, seed: number): number {
  const month = monthOf(day);
  const first = dayIn(month, 5 + (hash(seed, 71, month, campaign.campaign_id) % 19));
  const isBurst = day >= first && day < first + (weekdayOf(first) >= 5 ? 4 : 2);
  const hours = timeOfDay / 3_600_000;
  return isBurst && hours >= 9.5 && hours < 11.5 ? 0.3 : campaign.abandoning;
}

/** The rows of the campaigns that had not ended when the span began, as they stand now. */
export function campaignRows(first: Day, now: number): GeneratedRow[] {
  const known = new Map<number, Campaign>();
  for (let month = monthOf(first); month <= monthOf(calendarDay(now)); month += 1)
    for (const campaign of campaignsAround(month)) known.set(campaign.campaign_id, campaign);

  const rows: GeneratedRow[] = [];
  for (const { campaign_id, name, abandon_basis, life } of known.values()) {
    let [status, updated_at] = ['active', SET_UP];
    if (life !== null) {
      const { drafted, starts, pauses, ends } = life;
      const steps = Object.entries({ draft: drafted, active: starts, paused: pauses, completed: ends });
      const taken = steps.filter(([, day]) => instantOf(day, 0) <= now).at(-1);
      if (taken === undefined || ends < first) continue;
      status = taken[0];
      updated_at = iso(instantOf(taken[1], 0));
    }
    const abandon_limit_pct = 3;
    rows.push({
      campaign_id,
      name,
      status,
      abandon_limit_pct,
      abandon_window_minutes: 43200,
      abandon_basis,
      updated_at,
    });
  }
  return rows;
}
