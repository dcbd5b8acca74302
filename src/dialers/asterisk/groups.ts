/** A row on its way in. */
export interface CdrLine {
  /** When it began, by the clock of the source. */
  at: string;
  /** The row as a line of CSV. */
  line: string;
  /** The id of its call, if it began one. */
  id: string;
  /** What ties it to other rows: those that have one of these may be parts of one call. */
  ties: readonly string[];
}

/** Rows that may be parts of one call. No other row is. */
export interface CdrGroup {
  /** When the first of them began. */
  begun: string;
  rows: CdrLine[];
}

/** Puts rows into groups as they come, in any order. */
export interface CdrGroups {
  add(row: CdrLine): void;
  /** Takes out the groups that began before a wall clock, in the order of their beginnings. */
  takeBefore(local: string): CdrGroup[];
}

interface Open extends CdrGroup {
  ties: string[];
}

/** Opens an empty set of groups. */
export function openGroups(): CdrGroups {
  const open = new Set<Open>();
  const ofTie = new Map<string, Open>();
  const join = (one: Open, other: Open) => {
    for (const row of other.rows) one.rows.push(row);
    for (const tie of other.ties) {
      one.ties.push(tie);
      ofTie.set(tie, one);
    }
    if (other.begun < one.begun) one.begun = other.begun;
    open.delete(other);
  };
  return {
    add(row) {
      const found = [...new Set(row.ties.flatMap((tie) => ofTie.get(tie) ?? []))];
      // The largest takes the others in, so that a long chain costs no more than its rows.
      const [group = { begun: row.at, rows: [], ties: [] }, ...others] = found.sort(
        (one, other) => other.rows.length - one.rows.length,
      );
      open.add(group);
      for (const other of others) join(group, other);
      group.rows.push(row);
      if (row.at < group.begun) group.begun = row.at;
      for (const tie of row.ties) {
        if (ofTie.get(tie) === group) continue;
        group.ties.push(tie);
        ofTie.set(tie, group);
      }
    },
    takeBefore(local) {
      const taken = [...open].filter(({ begun }) => begun < local);
      for (const group of taken) {
        open.delete(group);
        for (const tie of group.ties) ofTie.delete(tie);
      }
      return taken.sort((one, other) => (one.begun < other.begun ? -1 : Number(one.begun > other.begun)));
    },
  };
}
