/** What a number counts or measures. */
export type Unit = 'calls' | 'leads' | 'agents' | 'seconds' | 'percent' | 'minutes';

/** How a unit's numbers are written. */
export interface UnitWriting {
  /** Behind a heading on a terminal. */
  mark: string;
  /** Behind a heading in a file, where the number's own format does not say it. */
  headingMark: string;
  /** What a sheet that explains its columns calls it. */
  word: string;
  /** How a spreadsheet shows so many decimals of it. */
  numberFormat(digits: number): string;
  /** What somebody who lays out a file may write a format for. */
  shown: 'count' | 'percent' | 'seconds';
  /** Commands of a spreadsheet's format that mean another size of it, by how much a number is divided then. */
  scale?: { commands: RegExp; divisor: number };
  /** How its numbers are compared: as a share of the earlier one in per cent, or by their difference; and what that is in. */
  change: { by: 'share' | 'difference'; mark: '%' | 's' | 'min' | 'pp' };
  /** A made-up number of it, by a chance from 0 to 1. */
  sample?(chance: number): number;
}

const decimals = (digits: number) => (digits > 0 ? `.${'0'.repeat(digits)}` : '');

const counted = (word: string): UnitWriting => ({
  mark: '',
  headingMark: '',
  word,
  numberFormat: (digits) => `#,##0${decimals(digits)}`,
  shown: 'count',
  change: { by: 'share', mark: '%' },
});

/** Every unit. A day is 1 to a spreadsheet, and so is 100 %. */
export const units: Record<Unit, UnitWriting> = {
  calls: counted('calls'),
  leads: counted('leads'),
  agents: counted('agents'),
  minutes: {
    ...counted('minutes'),
    mark: ' (min)',
    headingMark: ' (min)',
    change: { by: 'difference', mark: 'min' },
    sample: () => 1440,
  },
  seconds: {
    mark: ' (s)',
    headingMark: '',
    word: 'seconds',
    numberFormat: (digits) => `[h]:mm:ss${decimals(digits)}`,
    shown: 'seconds',
    scale: { commands: /[hms]/i, divisor: 86_400 },
    change: { by: 'difference', mark: 's' },
    sample: (chance) => 60 + chance * 400,
  },
  percent: {
    mark: ' (%)',
    headingMark: '',
    word: '%',
    // A spreadsheet's own General shows no more decimals than there are.
    numberFormat: (digits) => (digits > 2 ? 'General"%"' : `0${decimals(digits)}"%"`),
    shown: 'percent',
    scale: { commands: /%/, divisor: 100 },
    // 40 % after 50 % is 10 percentage points less, and 20 % less: the points are what is meant.
    change: { by: 'difference', mark: 'pp' },
    sample: (chance) => chance * 60,
  },
};

/** The names of all units. */
export const unitNames = Object.keys(units) as Unit[];
