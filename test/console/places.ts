/** Where the console's pages are, and whether one is as wide as its window. */
import type { Console, Tab } from './console.ts';

/** The addresses of all pages that an admin of the demo has. */
export async function pathsOf(there: Console): Promise<string[]> {
  const { data } = await there.ask('/api/telesales/reports');
  const reports = data.map(({ name }) => `/reports/${name}?range=30d${name === 'abandon-rate' ? '&campaign=1' : ''}`);
  return ['/?range=30d', ...reports, '/start', '/wall?range=30d&campaign=1'];
}

/** By how much a page is wider than its window. */
export const tooWide = ({ page }: Tab): Promise<number> =>
  page.evaluate('Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth');
