/** What a sync of call records remembers between its runs. Times are of the source's wall clock. */
export interface CdrState {
  format: 1;
  /** Calls that began before it are not read again. Empty: nothing was read yet. */
  settled: string;
  /** Nothing before it was ever wanted. */
  begun: string;
  /** Columns that a table may lack and that could be read. */
  columns: readonly string[];
  /** Digests of the rows of hours that may still change. */
  hours: Record<string, string>;
}

/** The state before the first run. */
export const emptyCdrState = (): CdrState => ({
  format: 1,
  settled: '',
  begun: '',
  columns: [],
  hours: {},
});
