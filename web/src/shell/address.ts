/** The address of the page as what it asks: read from it, and written to it, so that back and forward work. */
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import {
  type Question,
  readView,
  toQuestion,
  type View,
  viewNames,
  withinPart,
  withoutFilters,
  writeView,
} from '../question/view.ts';
import { useSigned } from './signed-in.tsx';
import { useToday } from './today.ts';

/** What stands behind the `?` of an address. */
export type Search = Record<string, string | undefined>;

/** How an address changes: `replace` leaves no step to go back to. */
export interface Changing {
  replace?: boolean;
}

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

/** Changes some of it, and leaves the rest. */
export function useSetSearch() {
  const navigate = useNavigate();
  return useCallback(
    (changes: Search, { replace = false }: Changing = {}) =>
      void navigate({
        to: '.',
        search: ((before: Search) => ({ ...before, ...changes })) as never,
        replace,
        resetScroll: false,
      }),
    [navigate],
  );
}

/** What belongs to the filter bar, of what stands behind the `?`: it goes along to every other page. */
export const keepView = (search: Search): Search =>
  Object.fromEntries(viewNames.map((name) => [name, search[name]]).filter(([, value]) => value !== undefined));

/** What the filter bar says, and how to make it say something else. */
export function useView(): { view: View; question: Question; setView(view: View, changing?: Changing): void } {
  const search = useSearch();
  const setSearch = useSetSearch();
  const { me } = useSigned();
  const usualZone = me.tenant.timezone;
  const view = useMemo(() => withinPart(readView(search), me), [search, me]);
  const today = useToday(view.zone ?? usualZone);
  const question = useMemo(() => toQuestion(view, usualZone, today), [view, usualZone, today]);
  const setView = useCallback(
    (next: View, changing?: Changing) => {
      const written = writeView(next, usualZone);
      setSearch(Object.fromEntries(viewNames.map((name) => [name, written[name]])), changing);
    },
    [setSearch, usualZone],
  );
  return { view, question, setView };
}

/** How to take all filters away, and what the address says wrong; undefined when there is neither. */
export function useClearFilters(): (() => void) | undefined {
  const search = useSearch();
  const setSearch = useSetSearch();
  const kept = withoutFilters(readView(search));
  const changes = viewNames.filter((name) => search[name] !== undefined && kept[name] === undefined);
  if (changes.length === 0) return undefined;
  return () => setSearch(Object.fromEntries(changes.map((name) => [name, undefined])));
}
