/** The address of the page as what it asks: read from it, and written to it, so that back and forward work. */
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { dateIn } from '../question/dates.ts';
import { isNamedRange, type NamedRange } from '../question/ranges.ts';
import { type Question, readView, toQuestion, type View, writeView } from '../question/view.ts';
import { useSigned } from './signed-in.tsx';

/** What stands behind the `?` of an address. */
export type Search = Record<string, string | undefined>;

const viewNames = ['range', 'campaign', 'team', 'agents', 'zone', 'compare'] as const satisfies (keyof View)[];

/** Reads what stands behind the `?`. */
export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text));

/** Writes it: readable, as people pass it on. */
export function stringifySearch(search: Record<string, unknown>): string {
  const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  // Commas and slashes need no code there.
  return text === '' ? '' : `?${text.replaceAll('%2C', ',').replaceAll('%2F', '/')}`;
}

/** What stands behind the `?` now. */
export const useSearch = (): Search => useRouterState({ select: ({ location }) => location.search as Search });

/** Changes some of it, and leaves the rest; `replace` leaves no step to go back to. */
export function useSetSearch() {
  const navigate = useNavigate();
  return useCallback(
    (changes: Search, { replace = false } = {}) =>
      void navigate({ to: '.', search: ((before: Search) => ({ ...before, ...changes })) as never, replace }),
    [navigate],
  );
}

/** What belongs to the filter bar, of what stands behind the `?`: it goes along to every other page. */
export const keepView = (search: Search): Search =>
  Object.fromEntries(viewNames.map((name) => [name, search[name]]).filter(([, value]) => value !== undefined));

const rangeKey = 'dialtally.range';

/** The range that this browser showed last. */
function usualRange(): NamedRange {
  const kept = localStorage.getItem(rangeKey) ?? '';
  return isNamedRange(kept) ? kept : '7d';
}

/** The question of an address, for somebody of a zone. */
export const questionAt = (search: Search, zone: string): Question =>
  toQuestion(readView(search), { range: usualRange(), zone }, (of) => dateIn(of, Date.now()));

/** What the filter bar says, and how to make it say something else. */
export function useView(): { view: View; question: Question; setView(view: View): void } {
  const search = useSearch();
  const setSearch = useSetSearch();
  const { me } = useSigned();
  const view = useMemo(() => readView(search), [search]);
  const question = useMemo(() => questionAt(search, me.tenant.timezone), [search, me]);
  const setView = useCallback(
    (next: View) => {
      if (next.range && isNamedRange(next.range)) localStorage.setItem(rangeKey, next.range);
      const written = writeView(next);
      setSearch(Object.fromEntries(viewNames.map((name) => [name, written[name]])));
    },
    [setSearch],
  );
  return { view, question, setView };
}
