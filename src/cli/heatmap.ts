import { pad } from './table.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const hours = Array.from({ length: 24 }, (_, hour) => hour);

/** The slots of the heatmap as a grid of answer rates. */
export function toHeatmap(slots: readonly Record<string, unknown>[]): string {
  const found = new Map(slots.map((slot) => [`${slot.day_of_week} ${slot.hour}`, slot]));
  const toCell = (day: number, hour: number) => {
    const slot = found.get(`${day} ${hour}`);
    return pad(slot && Number(slot.dials) > 0 ? String(Math.round(Number(slot.answer_rate_pct))) : '·', 4, 'right');
  };
  const head = `   ${hours.map((hour) => pad(String(hour).padStart(2, '0'), 4, 'right')).join('')}`;
  const lines = weekdays.map((name, day) => `${name}${hours.map((hour) => toCell(day, hour)).join('')}`);
  return [
    head,
    ...lines,
    '',
    'Answer rate in percent by weekday and hour; · without a dial. --format csv has the counts.',
  ].join('\n');
}
