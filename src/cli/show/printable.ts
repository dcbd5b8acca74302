/** Texts from elsewhere on a terminal: they can't move the cursor nor colour the screen. */

/** A text that can't move the cursor or colour the screen, whatever it was taken in with. */
export function toPrintable(text: string): string {
  return text.replace(unprintable, '\ufffd');
}

/** The same of a text that has several lines. */
export function toPrintableLines(text: string): string {
  return text
    .split(/(\r?\n)/)
    .map((part, index) => (index % 2 === 0 ? toPrintable(part) : part))
    .join('');
}

const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
