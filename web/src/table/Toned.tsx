/** A word that is news: its colour says how it is meant, and so does the shape before it. */

/** How a word is meant. */
export type Tone = 'good' | 'warning' | 'bad' | 'neutral';

const shapes: Record<Tone, string> = {
  good: 'M5 1a4 4 0 1 1 0 8a4 4 0 0 1 0-8z',
  warning: 'M5 .8L9.6 9H.4z',
  bad: 'M1 1h8v8H1z',
  neutral: 'M5 1.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 0 1 0-7zM5 3a2 2 0 1 0 0 4a2 2 0 0 0 0-4z',
};

/** The shape alone, for where the word stands beside it. */
export const Shape = ({ tone }: { tone: Tone }) => (
  <svg className="shape" data-tone={tone} viewBox="0 0 10 10" width="9" height="9" aria-hidden="true">
    <path d={shapes[tone]} fillRule="evenodd" />
  </svg>
);

/** The word. */
export const Toned = ({ tone, children }: { tone: Tone; children: string }) => (
  <span className="tone" data-tone={tone}>
    <Shape tone={tone} /> {children}
  </span>
);
