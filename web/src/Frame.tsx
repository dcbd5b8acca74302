/** What stands around every page: navigation, filter bar, liveness, keys; and the door for who is not signed in. */
import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { onSignedOut } from './api/client.ts';
import { useStart } from './api/queries.ts';
import type { Start } from './api/types.ts';
import { Broken } from './shell/Broken.tsx';
import { FilterBar } from './shell/FilterBar.tsx';
import { Keys } from './shell/keys.tsx';
import { Listening } from './shell/Listening.tsx';
import { Navigation } from './shell/Navigation.tsx';
import { SignIn } from './shell/SignIn.tsx';
import { Signed } from './shell/signed-in.tsx';
import { useSpoken, useWords } from './words/spoken.tsx';
import { titleOf } from './words/titles.ts';

const FirstSteps = lazy(async () => ({ default: (await import('./start/FirstSteps.tsx')).FirstSteps }));

/** The frame. */
export function Frame() {
  const words = useWords();
  const answers = useQueryClient();
  const { data: start, error, refetch, isPending } = useStart();
  useEffect(() => onSignedOut(() => void answers.setQueryData(['start'], null)), [answers]);

  if (isPending) return null;
  if (error) return <Broken error={error} onAgain={() => void refetch()} />;
  if (!start) return <SignIn onSignedIn={() => {}} />;
  return (
    <Signed start={start}>
      <Listening isOn={start.me.may.includes('reports')}>
        <a className="skip" href="#numbers">
          {words.skipToContent}
        </a>
        {start.reports.length > 0 && <Keys />}
        <Arrival start={start} />
        <div className="frame">
          <Navigation />
          <div className="page">
            <FilterBar />
            <main id="numbers" tabIndex={-1}>
              {/* Who may only bring data in has no numbers to see. */}
              {start.reports.length > 0 ? (
                <Outlet />
              ) : (
                <Suspense>
                  <FirstSteps />
                </Suspense>
              )}
            </main>
          </div>
        </div>
      </Listening>
    </Signed>
  );
}

// A page's code may be on its way when its address is there.
const mostWaitMs = 5000;

/** Says where somebody arrives: the title of the window, and the focus on the head of the page, which is read out. */
function Arrival({ start: { reports } }: { start: Start }) {
  const { words, names } = useSpoken();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const report = reports.find(({ name }) => path === `/reports/${name}`);
  const own = { '/': words.overview, '/start': words.firstSteps, '/wall': words.wall }[path];
  const title = report ? titleOf(report, names) : (own ?? words.notFound);
  useEffect(() => {
    document.title = `${title} · ${words.product}`;
  }, [title, words]);

  const router = useRouter();
  useEffect(() => {
    let stop = () => {};
    const end = router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
      // The first page is read from its beginning; a filter leaves the focus where it is.
      if (!pathChanged || !fromLocation) return;
      stop();
      stop = focusHead();
    });
    return () => {
      end();
      stop();
    };
  }, [router]);
  return null;
}

/** Moves the focus to the head of the page, once it is there. Gives what stops waiting for it. */
function focusHead(): () => void {
  const focus = () => {
    const head = document.querySelector<HTMLElement>('main h1');
    if (!head) return false;
    head.tabIndex = -1;
    head.focus({ preventScroll: true });
    return true;
  };
  if (focus()) return () => {};
  const watch = new MutationObserver(() => focus() && watch.disconnect());
  watch.observe(document.body, { childList: true, subtree: true });
  const timer = setTimeout(() => watch.disconnect(), mostWaitMs);
  return () => {
    clearTimeout(timer);
    watch.disconnect();
  };
}
