import type { Cell, CellStyle, WriteSheet } from 'hucre/xlsx';
import type { Row } from './excel-value.ts';
import { toTitleBlock } from './facts.ts';
import { toColorScale } from './format-rules.ts';
import { letterOf } from './headings.ts';
import type { ExportFacts } from './layout.ts';
import { cellStyle, colors, headStyle, noteStyle, titleStyle } from './looks.ts';

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const hours = Array.from({ length: 24 }, (_, hour) => hour);

/** The heatmap as people expect it: weekdays down, hours across; the answer rate, and below it the dials behind it. */
export function toHeatmapGrid(facts: ExportFacts, rows: readonly Row[], name: string): WriteSheet {
  const cells = new Map<string, Partial<Cell>>();
  const put = (row: number, column: number, value: string | number | null, style: CellStyle) =>
    cells.set(`${row},${column}`, { value, style });
  const slots = new Map(rows.map((row) => [`${row.day_of_week} ${row.hour}`, row]));
  const centered = (style: CellStyle): CellStyle => ({
    ...style,
    alignment: { horizontal: 'center', vertical: 'center' },
  });
  const table = (top: number, title: string, numFmt: string, toValue: (slot: Row) => unknown) => {
    put(top, 0, title, headStyle(false));
    for (const hour of hours) put(top, hour + 1, String(hour).padStart(2, '0'), centered(headStyle(true)));
    for (const [day, weekday] of weekdays.entries()) {
      put(top + 1 + day, 0, weekday, cellStyle());
      for (const hour of hours) {
        const slot = slots.get(`${day} ${hour}`);
        // A slot without a dial has no rate: a zero would color it as a bad hour.
        const value = slot && Number(slot.dials) > 0 ? Number(toValue(slot)) : null;
        put(top + 1 + day, hour + 1, value, centered(cellStyle({ numFmt })));
      }
    }
    const last = letterOf(hours.length);
    return `B${top + 2}:${last}${top + 8}`;
  };
  put(0, 0, facts.report.title, titleStyle);
  const known = new Map(toTitleBlock(facts, rows.length));
  const words = ['Tenant', 'Window', 'Time zone', 'Filters'].map((label) => `${label}  ${known.get(label)}`);
  put(1, 0, words.join('      '), noteStyle);
  put(21, 0, 'Empty: no dial in that hour. Few dials make a rate that chance made.', noteStyle);
  const rates = table(3, 'Answer rate (%)', '0.0', (slot) => slot.answer_rate_pct);
  const dials = table(12, 'Dials', '#,##0', (slot) => slot.dials);
  return {
    name,
    columns: [{ width: 17 }, ...hours.map(() => ({ width: 6.5 }))],
    cells,
    rowDefs: new Map([
      [0, { height: 26 }],
      ...[3, 12].flatMap((top) => weekdays.map((_, day) => [top + 1 + day, { height: 21 }] as const)),
    ]),
    conditionalRules: [
      { ...toColorScale([colors.paper, colors.sky]), priority: 1, range: rates },
      { ...toColorScale([colors.paper, 'B8C4D3']), priority: 2, range: dials },
    ],
    freezePane: { columns: 1 },
    view: { showGridLines: false },
    pageSetup: { paperSize: 'a4', orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 1 },
  };
}
