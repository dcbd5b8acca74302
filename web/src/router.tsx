/** The addresses of the console, and the page at each. */
import type { QueryClient } from '@tanstack/react-query';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Frame } from './Frame.tsx';
import { askAhead, asksOfOverview, asksOfReport } from './reports/asked.ts';
import { parseSearch, type Search, stringifySearch } from './shell/address.ts';
import { Broken } from './shell/Broken.tsx';
import { NotFound } from './shell/NotFound.tsx';
import { SignInPage } from './shell/SignInPage.tsx';

/** Opens the router. What a page asks is asked while its code comes. */
export function openRouter(answers: QueryClient) {
  const root = createRootRoute({
    validateSearch: (search: Record<string, unknown>) => search as Search,
    notFoundComponent: NotFound,
  });
  const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInPage });
  const framed = createRoute({ getParentRoute: () => root, id: 'framed', component: Frame });
  const page = <const Path extends string>(
    path: Path,
    load: () => Promise<Record<string, unknown>>,
    name: string,
    ask?: (search: Search, params: Record<string, string>) => void,
  ) =>
    createRoute({
      getParentRoute: () => framed,
      path,
      component: lazyRouteComponent(load as never, name as never),
      loader: ({ location, params }) => ask?.(location.search as Search, params as Record<string, string>),
    });
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      framed.addChildren([
        page(
          '/',
          () => import('./reports/Overview.tsx'),
          'Overview',
          (search) => askAhead(answers, search, asksOfOverview),
        ),
        page(
          '/reports/$report',
          () => import('./reports/ReportPage.tsx'),
          'ReportPage',
          (search, { report = '' }) => askAhead(answers, search, asksOfReport(report)),
        ),
        page('/start', () => import('./start/FirstSteps.tsx'), 'FirstSteps'),
        page('/wall', () => import('./wall/Wall.tsx'), 'Wall'),
      ]),
    ]),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultNotFoundComponent: NotFound,
    // A page whose code did not come, or that could not be drawn: what stands around it goes on.
    defaultErrorComponent: ({ error, reset }) => <Broken error={error} onAgain={reset} />,
  });
}
