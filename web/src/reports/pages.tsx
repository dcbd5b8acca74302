/** Reports with a page of their own; all others have the one that is made of their declaration. */
import { lazy } from 'react';
import type { Report } from '../api/types.ts';

const pages: Record<string, ReturnType<typeof toPage>> = {
  'abandon-rate': toPage(() => import('./AbandonRate.tsx').then((found) => found.AbandonRate)),
  'caller-id-health': toPage(() => import('./CallerIdHealth.tsx').then((found) => found.CallerIdHealth)),
};

function toPage(load: () => Promise<React.ComponentType<{ report: Report }>>) {
  return lazy(async () => ({ default: await load() }));
}

/** The page of a report, when it has one of its own. */
export const pageOf = ({ name }: Report) => (Object.hasOwn(pages, name) ? pages[name] : undefined);
