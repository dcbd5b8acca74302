/** Reads a state that a sync kept; one that can't be read, or is of another format, counts as none: everything is read again. */
export function readState<State extends { format: number }>(text: string | undefined, empty: State): State {
  try {
    const read = JSON.parse(text ?? '') as Partial<State>;
    return read.format === empty.format ? { ...empty, ...read } : empty;
  } catch {
    return empty;
  }
}
