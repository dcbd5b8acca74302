/** Signing in: with a token that is pasted, or by a link that brings what it takes behind its `\#`. */
import { Alert, Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useWords } from '../words/spoken.tsx';
import { Mark } from './Mark.tsx';
import { linkSecret, signIn } from './session.ts';

/** A form to sign in with. */
export function SignIn({ onSignedIn }: { onSignedIn(): void }) {
  const words = useWords();
  const answers = useQueryClient();
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(() => linkSecret() !== undefined);
  const token = useRef<HTMLInputElement>(null);

  const enter = async (secret: string) => {
    setBusy(true);
    setFault(undefined);
    try {
      await signIn(secret);
      // What another one asked is not for whoever comes now.
      await answers.resetQueries();
      onSignedIn();
    } catch (error) {
      setFault((error as Error).message);
      setBusy(false);
    }
  };

  useEffect(() => {
    const enterByLink = () => {
      const secret = linkSecret();
      if (secret === undefined) return;
      // It works once: nobody shall find it in the history.
      history.replaceState(history.state, '', location.pathname + location.search);
      void enter(secret);
    };
    enterByLink();
    // Another link, pasted where the page is open already.
    window.addEventListener('hashchange', enterByLink);
    return () => window.removeEventListener('hashchange', enterByLink);
  });

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const secret = token.current?.value.trim();
    if (secret) void enter(secret);
  };

  return (
    <main className="sign-in">
      <Paper withBorder p="xl" radius="md" w="100%" maw={420}>
        <form onSubmit={onSubmit}>
          <Stack gap="md">
            <Mark />
            <Title order={1} size="h3">
              {words.signIn}
            </Title>
            <Text c="dimmed" size="sm">
              {words.signInAbout}
            </Text>
            <PasswordInput ref={token} label={words.signInToken} autoComplete="off" required disabled={isBusy} />
            {fault !== undefined && (
              <Alert color="red" title={words.signInFailed} role="alert">
                {fault}
              </Alert>
            )}
            <Button type="submit" loading={isBusy}>
              {words.signIn}
            </Button>
            <Text c="dimmed" size="xs">
              {words.signInHow}
            </Text>
          </Stack>
        </form>
      </Paper>
    </main>
  );
}
