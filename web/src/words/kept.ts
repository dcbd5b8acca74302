/** What this browser keeps for the next time. Where it keeps nothing (a locked-down one), everything is as at first. */

/** What is kept under a name. */
export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(`dialtally.${name}`);
  } catch {
    return null;
  }
}

/** Keeps something. */
export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`dialtally.${name}`, value);
  } catch {
    // Then it holds until the page is left.
  }
}
