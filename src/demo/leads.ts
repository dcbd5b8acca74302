/** Where the demo's leads come from: by themselves or as lists, each with a source that tells how it answers and buys. */
import { ALLOWED, closingOf, type Day, dayIn, HOUR, MINUTE, monthOf, weekdayOf, workingDay } from './calendar.ts';
import { appetite, type Campaign, campaignsAround } from './campaigns.ts';
import { chanceOf, hash, Random, type Weighted } from './random.ts';

/** A lead on the day that it came in, and when it is to be called first. */
export interface Lead {
  lead_id: number;
  campaign: Campaign;
  source: Source;
  day: Day;
  timeOfDay: number;
  /** The lead's own stream: its whole life comes out of it. */
  random: Random;
  /** Null when nobody ever calls it. */
  firstCall: Day | null;
  /** Called within the hour of coming in. */
  isHot: boolean;
}

/** Where a lead came from, and how such leads answer and buy. */
interface Source {
  name: string | null;
  answering: number;
  buying: number;
  /** The part of its numbers that can't be reached at all. */
  invalid: number;
}

const ARRIVING: Weighted<Source> = [
  [source('facebook_lead_ads', 1, 0.9, 0.02), 34],
  [source('google_ads', 1.07, 1.3, 0.015), 20],
  [source('website', 1.1, 1.35, 0.01), 16],
  [source('tiktok_lead_ads', 0.86, 0.55, 0.035), 12],
  [source('zalo_oa', 1.05, 1, 0.01), 9],
  [source('referral', 1.28, 2.2, 0.005), 7],
  [source(null, 0.9, 0.7, 0.04), 0.7],
  [source('', 0.9, 0.7, 0.04), 0.2],
];
const LISTED: Weighted<Source> = [
  [source('purchased_list', 0.74, 0.35, 0.08), 8],
  [source('event', 1, 0.8, 0.02), 2],
];

/** The calls that a lead gets in its life, on average. */
const CALLS_PER_LEAD = 2.65;
/** The part of a month's leads that comes as one list. */
const LIST_PART = 0.2;

function source(name: string | null, answering: number, buying: number, invalid: number): Source {
  return { name, answering, buying, invalid };
}

/** The leads that came in on one day, for all campaigns. */
export function* leadsOf(day: Day, callsPerDay: number, seed: number): Generator<Lead> {
  const season = 0.92 + 0.16 * chanceOf(seed, 11, Math.floor((day + 3) / 7));
  const weekday = [0.55, 1.12, 1.1, 1.08, 1.08, 1.05, 0.8][weekdayOf(day)]!;
  const perDay = (callsPerDay / CALLS_PER_LEAD) * season;
  let index = 0;
  for (const campaign of campaignsAround(monthOf(day))) {
    const random = new Random(hash(seed, 12, day, campaign.campaign_id));
    const arriving = random.round(perDay * appetite(campaign, day) * weekday * (1 - LIST_PART));
    const listed = isListDay(campaign, day) ? random.round(perDay * campaign.share * 30 * LIST_PART) : 0;
    for (let each = 0; each < arriving + listed; each += 1) {
      index += 1;
      const own = new Random(hash(seed, 13, day, index));
      const { source, timeOfDay, isHot, firstCall } = each < arriving ? arrival(day, own) : listing(day, own);
      yield { lead_id: day * 1_000_000 + index, campaign, source, day, timeOfDay, random: own, firstCall, isHot };
    }
  }
}

/** A list comes with each month, and with the start of a campaign. */
function isListDay({ life }: Campaign, day: Day): boolean {
  if (life !== null) return day === life.starts;
  let first = dayIn(monthOf(day), 1);
  while (closingOf(first) === 0) first += 1;
  return day === first;
}

/** A lead that came by itself, at any waking hour; it is called soon. */
function arrival(day: Day, random: Random): Pick<Lead, 'source' | 'timeOfDay' | 'firstCall' | 'isHot'> {
  const timeOfDay = Math.floor((6 + 17 * (0.5 * random.next() + 0.5 * random.next())) * HOUR);
  const isOpen = timeOfDay > ALLOWED.from && timeOfDay + HOUR < closingOf(day);
  const isHot = isOpen && random.chance(0.6);
  const firstCall = isHot ? day : workingDay(day + random.integer(1, 2), random);
  return { source: random.pick(ARRIVING), timeOfDay, isHot, firstCall: random.chance(0.03) ? null : firstCall };
}

/** A lead of a list, loaded before the floor opens; the list is worked through in two weeks. */
function listing(day: Day, random: Random): Pick<Lead, 'source' | 'timeOfDay' | 'firstCall' | 'isHot'> {
  const timeOfDay = 7 * HOUR + Math.floor(random.next() * 10 * MINUTE);
  const firstCall = workingDay(day + random.integer(0, 13), random);
  return { source: random.pick(LISTED), timeOfDay, isHot: false, firstCall: random.chance(0.08) ? null : firstCall };
}
