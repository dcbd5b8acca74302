/** What stands around every page: navigation, filter bar, liveness, keys; and the door for who is not signed in. */
import { useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { onSignedOut } from '../api/client.ts';
import { type Liveness, listenForRows } from '../api/live.ts';
import { useStart } from '../api/queries.ts';
import { useWords } from '../words/spoken.tsx';
import { Broken } from './Broken.tsx';
import { FilterBar } from './FilterBar.tsx';
import { Keys } from './keys.tsx';
import { Live } from './liveness.tsx';
import { Navigation } from './Navigation.tsx';
import { SignIn } from './SignIn.tsx';
import { Signed } from './signed-in.tsx';

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
      <Listening>
        <a className="skip" href="#numbers">
          {words.skipToContent}
        </a>
        <Keys />
        <div className="frame">
          <Navigation />
          <div className="page">
            <FilterBar />
            <main id="numbers" tabIndex={-1}>
              <Outlet />
            </main>
          </div>
        </div>
      </Listening>
    </Signed>
  );
}

/** Asks everything that is shown again when new rows came. */
function Listening({ children }: { children: React.ReactNode }) {
  const answers = useQueryClient();
  const [liveness, setLiveness] = useState<Liveness>({ isConnected: true, at: Date.now() });
  useEffect(
    () =>
      listenForRows({
        onRows: () => void answers.invalidateQueries({ queryKey: ['answer'] }),
        onState: setLiveness,
      }),
    [answers],
  );
  return <Live value={liveness}>{children}</Live>;
}
