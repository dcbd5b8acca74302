/** The addresses of the console, and the page at each. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { parseSearch, type Search, stringifySearch } from './shell/address.ts';
import { Frame } from './shell/Frame.tsx';
import { NotFound } from './shell/NotFound.tsx';
import { SignInPage } from './shell/SignInPage.tsx';

/** Opens the router. */
export function openRouter() {
  const root = createRootRoute({
    validateSearch: (search: Record<string, unknown>) => search as Search,
    notFoundComponent: NotFound,
  });
  const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInPage });
  const framed = createRoute({ getParentRoute: () => root, id: 'framed', component: Frame });
  const page = <const Path extends string>(path: Path, load: () => Promise<Record<string, unknown>>, name: string) =>
    createRoute({ getParentRoute: () => framed, path, component: lazyRouteComponent(load as never, name as never) });
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      framed.addChildren([
        page('/', () => import('./reports/Overview.tsx'), 'Overview'),
        page('/reports/$report', () => import('./reports/ReportPage.tsx'), 'ReportPage'),
        page('/start', () => import('./start/FirstSteps.tsx'), 'FirstSteps'),
        page('/wall', () => import('./shell/Wall.tsx'), 'Wall'),
      ]),
    ]),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultNotFoundComponent: NotFound,
  });
}
