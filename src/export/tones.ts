/** What good and bad news look like in a cell. */
import type { Column, Tone } from '../engine/columns.ts';
import type { FormatRule } from './layout.ts';

/** What each kind of news looks like. */
export const toneLooks: Record<Tone, { fill: string; color: string }> = {
  good: { fill: '#D7F0E2', color: '#1B6B45' },
  warning: { fill: '#FCEBC8', color: '#8A5A00' },
  bad: { fill: '#F9D6D5', color: '#9B1C1C' },
  neutral: { fill: '#E5E7EB', color: '#4B5563' },
};

/** Colors for a column's words that are good or bad news. */
export function toneRules(column: Column): readonly FormatRule[] {
  const tones = 'tones' in column ? Object.entries(column.tones ?? {}) : [];
  return tones.map(([value, tone]) => ({ kind: 'value', operator: 'equal', value, ...toneLooks[tone] }));
}
