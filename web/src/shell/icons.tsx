/** The console's icons: thin lines on a grid of 24. */
import type { Report } from '../api/types.ts';

const paths = {
  menu: 'M4 7h16M4 12h16M4 17h16',
  fold: 'M15 6l-6 6 6 6',
  unfold: 'M9 6l6 6-6 6',
  overview: 'M4 4h7v7H4zM13 4h7v4h-7zM13 11h7v9h-7zM4 14h7v6H4z',
  tiles: 'M4 5h16v14H4zM4 12h16M12 5v14',
  table: 'M4 5h16v14H4zM4 10h16M4 15h16M10 5v14',
  line: 'M4 18l5-6 4 3 7-9',
  bars: 'M5 20V10M12 20V4M19 20v-7',
  grid: 'M4 4h4v4H4zM10 4h4v4h-4zM16 4h4v4h-4zM4 10h4v4H4zM10 10h4v4h-4zM16 10h4v4h-4zM4 16h4v4H4zM10 16h4v4h-4zM16 16h4v4h-4z',
  gauge: 'M4 17a8 8 0 1 1 16 0M12 17l4-6',
  funnel: 'M4 5h16M7 11h10M10 17h4',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20a6 6 0 0 1 12 0M16 5a3 3 0 0 1 0 6M17 14a5 5 0 0 1 4 5',
  phone: 'M6 3h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z',
  intake: 'M12 4v11M8 11l4 4 4-4M4 20h16',
  wall: 'M3 5h18v11H3zM9 20h6M12 16v4',
  api: 'M9 8l-5 4 5 4M15 8l5 4-5 4',
  out: 'M10 4H5v16h5M14 8l5 4-5 4M19 12H9',
  earlier: 'M14 6l-6 6 6 6',
  later: 'M10 6l6 6-6 6',
  down: 'M6 9l6 6 6-6',
  up: 'M6 15l6-6 6 6',
  check: 'M5 12l5 5 9-10',
  filters: 'M4 6h16M7 12h10M10 18h4',
  compare: 'M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4',
  zone: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 3',
  warning: 'M12 4l9 16H3zM12 10v4M12 17v.01',
  person: 'M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM20 20l-5-5',
  close: 'M6 6l12 12M18 6L6 18',
  download: 'M12 4v11M8 11l4 4 4-4M4 20h16',
  question: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 17v.01',
} as const;

/** One of the icons. */
export type IconName = keyof typeof paths;

/** An icon, which says nothing that a word beside it, or a label, does not say. */
export const Icon = ({ name, size = 18 }: { name: IconName; size?: number }) => (
  <svg className="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);

const own: Record<string, IconName> = { funnel: 'funnel', 'agent-performance': 'people', 'caller-id-health': 'phone' };

/** The icon of a report: its own, or that of its picture. */
export const iconOf = ({ name, picture }: Report): IconName => own[name] ?? picture.kind;
