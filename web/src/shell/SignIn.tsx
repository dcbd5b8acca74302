/** Signing in: with a token that is pasted, or by a link that brings what it takes behind its `\#`. */
import { Alert, Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { askJson } from '../api/client.ts';
import { useWords } from '../words/spoken.tsx';
import { Mark } from './Mark.tsx';

/** Becomes signed in. Throws what the server says. */
const signIn = (secret: string) =>
  askJson('/api/telesales/session', { method: 'POST', headers: { authorization: `Bearer ${secret}` } });

/** The page to sign in at. */
export function SignIn({ onSignedIn }: { onSignedIn(): void }) {
  const words = useWords();
  const answers = useQueryClient();
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(() => linkSecret() !== undefined);
  const token = useRef<HTMLInputElement>(null);
  const hasTried = useRef(false);

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
    history.replaceState(history.state, '', location.pathname);
    void enter(secret);
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

/** What a sign-in link ends in. */
const linkSecret = (): string | undefined => /^#(dl_[\w-]+)$/.exec(location.hash)?.[1];
