/** Signing in: with a token that is pasted, or by a link that brings what it takes behind its `\#`. */
import { Alert, Button, PasswordInput, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { askJson } from '../api/client.ts';
import { type Language, languages, useSpoken } from '../words/spoken.tsx';
import { Mark } from './Mark.tsx';

/** Becomes signed in. Throws what the server says. */
const signIn = (secret: string) =>
  askJson('/api/telesales/session', { method: 'POST', headers: { authorization: `Bearer ${secret}` } });

/** The page to sign in at. */
export function SignIn({ onSignedIn }: { onSignedIn(): void }) {
  const { words, language, speak } = useSpoken();
  const answers = useQueryClient();
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(() => linkSecret() !== undefined);
  const token = useRef<HTMLInputElement>(null);
  const hasTried = useRef(false);
  const other: Language = language === 'en' ? 'vi' : 'en';

  useEffect(() => {
    document.title = `${words.signIn} · ${words.product}`;
  }, [words]);

  const enter = async (secret: string) => {
    setBusy(true);
    setFault(undefined);
    try {
      await signIn(secret);
      await answers.resetQueries({ queryKey: ['start'] });
      onSignedIn();
    } catch (error) {
      setFault((error as Error).message);
      setBusy(false);
    }
  };

  useEffect(() => {
    const secret = linkSecret();
    if (secret === undefined || hasTried.current) return;
    hasTried.current = true;
    // It works once: nobody shall find it in the history.
    history.replaceState(history.state, '', location.pathname + location.search);
    void enter(secret);
  });

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const secret = token.current?.value.trim();
    if (secret) void enter(secret);
  };

  return (
    <main className="sign-in">
      <form onSubmit={onSubmit}>
        <Mark />
        <div>
          <Title order={1} size="h3">
            {words.signIn}
          </Title>
          <Text className="dimmed" size="sm" mt={4}>
            {isBusy ? words.signInByLink : words.signInAbout}
          </Text>
        </div>
        <PasswordInput
          ref={token}
          label={words.signInToken}
          placeholder="dt_…"
          autoComplete="off"
          spellCheck={false}
          required
          withAsterisk={false}
          disabled={isBusy}
          visibilityToggleButtonProps={{ 'aria-label': words.showToken }}
        />
        {fault !== undefined && (
          <Alert color="red" title={words.signInFailed} role="alert" lang="en" className="sign-in-fault">
            {fault}
          </Alert>
        )}
        <Button type="submit" loading={isBusy} fullWidth>
          {words.signIn}
        </Button>
        <Text className="dimmed" size="xs">
          {words.signInHow}
        </Text>
      </form>
      <button type="button" className="as-link" lang={other} onClick={() => speak(other)}>
        {languages[other].words.language}
      </button>
    </main>
  );
}

/** What a sign-in link ends in. */
const linkSecret = (): string | undefined => /^#(dl_[\w-]+)$/.exec(location.hash)?.[1];
