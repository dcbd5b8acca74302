/** A text of at most so many characters: what is cut off is shown as an ellipsis. */
export function shorten(text: string, most = 100): string {
  if (text.length <= most) return text;
  // Half a character is none.
  const end = /[\ud800-\udbff]/.test(text[most - 2] ?? '') ? most - 2 : most - 1;
  return `${text.slice(0, end)}\u2026`;
}

/** Somebody's own text as it is quoted in a message. */
export const quoted = (text: string): string => JSON.stringify(shorten(text));

/** The first of some names, and how many more there are: a message stays one, however many names somebody gave. */
export function listed(names: readonly string[], most = 20): string {
  const shown = names.slice(0, most).map((name) => shorten(name, 60));
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ');
}
