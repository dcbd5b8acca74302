/** The page to sign in at: who is signed in already is led on, and who signs in goes where they were going. */
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { SignIn } from './SignIn.tsx';
import { isSignedIn, landingOf, linkSecret } from './session.ts';

/** The page. */
export function SignInPage() {
  const { history, state } = useRouter();
  const { to } = state.location.search as { to?: string };
  // A link signs in anew, whoever was before.
  const [isAsking, setAsking] = useState(() => linkSecret() === undefined);
  useEffect(() => {
    if (!isAsking) return;
    isSignedIn().then(
      (isIn) => (isIn ? history.replace(landingOf(to)) : setAsking(false)),
      () => setAsking(false),
    );
  }, [isAsking, history, to]);
  return isAsking ? null : <SignIn onSignedIn={() => history.replace(landingOf(to))} />;
}
