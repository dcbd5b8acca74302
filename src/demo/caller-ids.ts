/** The numbers that the made-up call centre dials from, and how networks block and rest them month by month. */
import { calendarDay, type Day, dayIn, HOUR, instantOf, type Month, monthOf } from './calendar.ts';
import { hash, type Random, type Weighted } from './random.ts';
import { type GeneratedRow, iso, SET_UP } from './row.ts';

/** A number that calls go out from, and how people take it. */
export interface CallerId {
  cid: string;
  display_name: string | null;
  carrier: string;
  cli_type: string;
  /** How often it is used; 0 = never. */
  use: number;
  answering: number;
  rejecting: number;
  /** The part of its answered calls that ends at once. */
  hangingUp: number;
}

/** What happens to a mobile number at a time of its life. */
type Phase = 'free' | 'blocked' | 'resting';

const MOBILES = [
  callerId('0961000101', 'Di động Viettel', 'viettel', 'mobile', 7, 1.08),
  callerId('0901000102', 'Di động Mobi', 'mobifone', 'mobile', 6, 1.05),
  callerId('0911000103', 'Di động Vina', 'vinaphone', 'mobile', 6, 1.06),
  callerId('0921000104', 'Di động VNM', 'vietnamobile', 'mobile', 4, 1),
];

const CALLER_IDS = [
  ...MOBILES,
  callerId('02473000201', 'Hà Nội 1', 'landline', 'fixed_02x', 14, 0.98),
  callerId('02873000202', 'Sài Gòn 1', 'landline', 'fixed_02x', 14, 1),
  { ...callerId('02873000203', 'Sài Gòn 2', 'landline', 'fixed_02x', 5, 1.45), hangingUp: 0.82 },
  callerId('02363000204', 'Đà Nẵng', 'landline', 'fixed_02x', 9, 0.96),
  { ...callerId('19006021', 'Hotline Premier', 'vinaphone', 'hotline_1900', 6, 0.8), rejecting: 3 },
  callerId('18006022', 'Hotline chăm sóc', 'viettel', 'hotline_1800', 0, 1),
  callerId('AN TAM', 'Bảo hiểm An Tâm', 'viettel', 'brandname', 12, 1.14),
  callerId('PREMIER', null, 'mobifone', 'brandname', 10, 1.1),
];

function callerId(
  cid: string,
  display_name: string | null,
  carrier: string,
  cli_type: string,
  use: number,
  answering: number,
): CallerId {
  return { cid, display_name, carrier, cli_type, use, answering, rejecting: 1, hangingUp: 0.1 };
}

/** In the middle of each month the networks block one mobile number; five weeks later it is rested, for a month. */
function spell(month: Month, seed: number): { blocked: Day; resting: Day; back: Day } {
  return {
    blocked: dayIn(month, 13 + (hash(seed, 51, month) % 4)),
    resting: dayIn(month + 1, 20),
    back: dayIn(month + 2, 21),
  };
}

function lastSpell(mobile: number, day: Day, seed: number): ReturnType<typeof spell> {
  let month = monthOf(day);
  while (month % MOBILES.length !== mobile || spell(month, seed).blocked > day) month -= 1;
  return spell(month, seed);
}

/** The numbers of the floor and what the networks do to them. */
export class Pool {
  readonly #seed: number;
  readonly #usable = new Map<Day, Weighted<CallerId>>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A number for one more call on that day; resting ones are left alone. */
  draw(day: Day, random: Random): CallerId {
    let usable = this.#usable.get(day);
    if (usable === undefined) {
      usable = CALLER_IDS.filter((each) => this.phaseOf(each, day) !== 'resting').map((each) => [each, each.use]);
      this.#usable.set(day, usable);
    }
    return random.pick(usable);
  }

  /** What the number goes through on that day. */
  phaseOf(callerId: CallerId, day: Day): Phase {
    const mobile = MOBILES.indexOf(callerId);
    if (mobile === -1) return 'free';
    const { resting, back } = lastSpell(mobile, day, this.#seed);
    return day < resting ? 'blocked' : day < back ? 'resting' : 'free';
  }

  /** The rows of all numbers as they stand now, with caps well above what a day asks of them. */
  rows(now: number, callsPerDay: number): GeneratedRow[] {
    const today = calendarDay(now);
    return CALLER_IDS.map((each) => {
      const { cid, display_name, carrier, cli_type, use } = each;
      const row: GeneratedRow = { cid, display_name, carrier, cli_type, pool_status: 'active', cooldown_until: null };
      row.daily_cap = Math.max(200, Math.ceil((callsPerDay * use) / 1500) * 50);
      row.updated_at = SET_UP;
      const mobile = MOBILES.indexOf(each);
      if (mobile !== -1) {
        const { resting, back } = lastSpell(mobile, today, this.#seed);
        if (today >= back) row.updated_at = iso(instantOf(back, 0));
        else if (today >= resting) {
          Object.assign(row, { pool_status: 'cooldown', cooldown_until: iso(instantOf(back, 8 * HOUR)) });
          row.updated_at = iso(instantOf(resting, 0));
        }
      }
      if (use === 0) row.pool_status = 'disabled';
      return row;
    });
  }
}
