/** The people of the made-up call centre: teams, names, shifts, skills, and who joins and leaves. */
import { calendarDay, type Day, dayIn, instantOf, type Month, monthOf, slotOf, weekdayOf } from './calendar.ts';
import type { Campaign } from './campaigns.ts';
import { chanceOf } from './random.ts';
import { type GeneratedRow, iso, SET_UP } from './row.ts';

/** An agent: the person, the shift and how they work, against the floor's average. */
export interface Agent {
  agent_id: number;
  name: string;
  team_id: number;
  /** The half hours from eight on in which they sit at the phone. */
  shift: ReadonlySet<number>;
  skill: number;
  talkativeness: number;
  wrapSec: number;
  pace: number;
  tenure: { joins: Day; leaves: Day } | null;
}

const TEAMS = ['Đội Hà Nội', 'Đội Sài Gòn 1', 'Đội Sài Gòn 2', 'Đội Đà Nẵng'];

const NAMES = `Nguyễn Thị Linh, Trần Văn Hùng, Lê Thị Hương, Phạm Minh Tuấn, Hoàng Thị Mai, Phan Thanh Tùng, Vũ Thị Ngọc,
Võ Quốc Bảo, Đặng Thị Thảo, Bùi Đức Anh, Đỗ Thị Hạnh, Hồ Văn Nam, Ngô Thị Yến, Dương Quang Huy, Lý Thị Trang,
Nguyễn Văn Dũng, Trần Thị Bích, Lê Minh Khôi, Phạm Thị Vân, Hoàng Văn Sơn, Huỳnh Thị Như, Vũ Đình Long, Võ Thị Kim,
Đặng Hữu Phước, Bùi Thị Loan, Đỗ Văn Thành, Nguyễn Thị Phương, Trần Quốc Việt, Lê Thị Diễm, Phạm Văn Cường,
Huỳnh Minh Trí, Phan Thị Quỳnh, Trịnh Văn Kiên, Đinh Thị Oanh, Mai Văn Lộc, Cao Thị Thu, Tạ Đức Mạnh, Lâm Thị Xuân`;
const NEWCOMERS = `Nguyễn Hoàng Gia Hân, Trần Nhật Minh, Lê Khánh Vy, Phạm Tấn Phát, Huỳnh Bảo Châu, Đoàn Thế Vinh`;

const SHIFTS = [shift([0, 8], [10, 18]), shift([0, 7], [8, 15]), shift([3, 10], [12, 18])];

function shift(...spells: [number, number][]): Set<number> {
  return new Set(spells.flatMap(([from, to]) => Array.from({ length: to - from }, (_, slot) => from + slot)));
}

function split(names: string): string[] {
  return names.split(/,\s+/);
}

function agent(agent_id: number, name: string, team_id: number, tenure: Agent['tenure'], seed: number): Agent {
  const trait = (which: number, low: number, high: number) => low + (high - low) * chanceOf(seed, 31, agent_id, which);
  // The two ends of the floor are always there: one who closes and one who struggles.
  const skill = agent_id === 23 ? 2.1 : agent_id === 37 ? 0.25 : trait(0, 0.5, 1.5);
  return {
    agent_id,
    name,
    team_id,
    shift: SHIFTS[agent_id % 5 < 3 ? 0 : (agent_id % 5) - 2]!,
    skill,
    talkativeness: trait(1, 0.75, 1.3),
    wrapSec: agent_id === 37 ? 95 : trait(2, 18, 60),
    pace: agent_id === 37 ? 0.55 : trait(3, 0.7, 1),
    tenure,
  };
}

/** Every second month a newcomer joins on the 8th, and leaves on the 20th three months on. */
function newcomer(month: Month, seed: number): Agent {
  const names = split(NEWCOMERS);
  const tenure = { joins: dayIn(month, 8), leaves: dayIn(month + 3, 20) };
  return agent(100 + (month - 24000) / 2, names[(month / 2) % names.length]!, 1 + ((month / 2) % 4), tenure, seed);
}

/** The login name of a person: the given name, then the initials of the others. */
function usernameOf(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase().split(' ');
  return (
    plain.at(-1)! +
    plain
      .slice(0, -1)
      .map((part) => part[0])
      .join('')
  );
}

/** The people of the floor: who may take a call, and the rows about them. */
export class Floor {
  readonly #seed: number;
  readonly #staff: Agent[];
  readonly #newcomers = new Map<Month, Agent>();
  readonly #seats = new Map<string, Agent[]>();

  constructor(seed: number) {
    this.#seed = seed;
    this.#staff = split(NAMES).map((name, index) => agent(11 + index, name, 1 + (index % 4), null, seed));
  }

  /** Those who can call for the campaign in that half hour; whoever of its teams there is, when the shift is empty. */
  onShift(campaign: Campaign, day: Day, timeOfDay: number): Agent[] {
    const slot = slotOf(timeOfDay);
    const key = `${day}/${slot}/${campaign.teams}`;
    let seats = this.#seats.get(key);
    if (seats === undefined) {
      const teams = this.#employed(day).filter(({ team_id }) => campaign.teams.includes(team_id));
      seats = teams.filter((agent) => this.isAtWork(agent, day, timeOfDay));
      if (seats.length === 0) seats = teams;
      this.#seats.set(key, seats);
    }
    return seats;
  }

  /** Whether that agent sits at the phone then. */
  isAtWork({ agent_id, shift, tenure }: Agent, day: Day, timeOfDay: number): boolean {
    if (tenure !== null && (day < tenure.joins || day >= tenure.leaves)) return false;
    const isAway = chanceOf(this.#seed, 32, agent_id, Math.floor(day / 3)) < 0.06;
    if (isAway) return false;
    return weekdayOf(day) === 6 ? chanceOf(this.#seed, 33, agent_id, day) < 0.6 : shift.has(slotOf(timeOfDay));
  }

  /** How well the agent sells on that day: a newcomer needs weeks to learn. */
  skillOf({ skill, tenure }: Agent, day: Day): number {
    return tenure === null ? skill : skill * Math.min(1, 0.3 + (day - tenure.joins) / 40);
  }

  /** The rows of the teams. */
  teamRows(): GeneratedRow[] {
    return TEAMS.map((name, index) => ({ team_id: index + 1, name, updated_at: SET_UP }));
  }

  /** The rows of all who worked on the floor since the first day. */
  agentRows(first: Day, now: number): GeneratedRow[] {
    const people = new Set<Agent>();
    for (let day = first; day <= calendarDay(now); day += 1) for (const agent of this.#employed(day)) people.add(agent);
    return Array.from(people, ({ agent_id, name, team_id, tenure }) => {
      const updated_at = tenure === null ? SET_UP : iso(instantOf(tenure.joins, 0));
      return { agent_id, name, username: usernameOf(name), team_id, updated_at };
    });
  }

  #employed(day: Day): Agent[] {
    const employed = [...this.#staff];
    const month = monthOf(day);
    for (let since = month - 3; since <= month; since += 1) {
      if (since % 2 !== 0) continue;
      if (!this.#newcomers.has(since)) this.#newcomers.set(since, newcomer(since, this.#seed));
      const person = this.#newcomers.get(since)!;
      if (day >= person.tenure!.joins && day < person.tenure!.leaves) employed.push(person);
    }
    return employed;
  }
}
