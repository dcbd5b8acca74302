/** Signing in: with a token that is pasted, or by a link that brings what it takes behind its `\#`. */
import { Button, PasswordInput, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Language } from '../words/language.ts';
import { languages, useSpoken } from '../words/spoken.tsx';
import { Icon } from './icons.tsx';
import { Mark } from './Mark.tsx';
import { linkSecret, signIn } from './session.ts';

/** A form to sign in with. */
export function SignIn({ onSignedIn }: { onSignedIn(): void }) {
  const { words, language, speak } = useSpoken();
  const answers = useQueryClient();
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(() => linkSecret() !== undefined);
  const token = useRef<HTMLInputElement>(null);
  const other: Language = language === 'en' ? 'vi' : 'en';

  useEffect(() => {
    document.title = `${words.signIn} · ${words.product}`;
  }, [words]);

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
          <div className="broken" role="alert">
            <Icon name="warning" size={20} />
            <div>
              <Text fw={600}>{words.signInFailed}</Text>
              <Text size="sm" lang="en" className="broken-said">
                {fault}
              </Text>
            </div>
          </div>
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
