import type { Column } from '../engine/columns.ts';
import type { FormatRule } from './layout.ts';

const tones: Record<string, { fill: string; color: string }> = {
  healthy: { fill: '#D7F0E2', color: '#1B6B45' },
  warning: { fill: '#FCEBC8', color: '#8A5A00' },
  suspected_block: { fill: '#F9D6D5', color: '#9B1C1C' },
  no_data: { fill: '#E5E7EB', color: '#4B5563' },
};

/** Colors for words that are good or bad news. */
export function toneRules(column: Column): readonly FormatRule[] {
  if (column.kind !== 'choice') return [];
  return column.choices.flatMap((value): FormatRule[] => {
    const tone = tones[value];
    return tone ? [{ kind: 'value', operator: 'equal', value, ...tone }] : [];
  });
}
