/** The search of a table: it finds at once, and what is written there is in the address soon after. */
import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useSearch, useSetSearch } from '../shell/address.ts';
import { Icon } from '../shell/icons.tsx';
import { useWords } from '../words/spoken.tsx';

const pauseMs = 250;

/** What is searched for, and how to search for something else. */
export function useSearched(): [text: string, search: (text: string) => void] {
  const { q = '' } = useSearch();
  const setSearch = useSetSearch();
  const [text, setText] = useState(q);
  const last = useRef(q);
  /** What the address is to say, and does not yet. */
  const sent = useRef<string[]>([]);
  useEffect(() => {
    if (text === last.current) return;
    const timer = setTimeout(() => {
      last.current = text;
      sent.current.push(text);
      setSearch({ q: text || undefined }, { replace: true });
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text, setSearch]);
  // Back and forward change the address, and so the field; an answer to what was written meanwhile does not.
  useEffect(() => {
    const at = sent.current.indexOf(q);
    if (at >= 0) {
      sent.current.splice(0, at + 1);
      return;
    }
    if (q === last.current) return;
    last.current = q;
    setText(q);
  }, [q]);
  return [text, setText];
}

/** The field. */
export function SearchField({ text, onChange }: { text: string; onChange(text: string): void }) {
  const words = useWords();
  return (
    <TextInput
      data-search
      size="xs"
      type="search"
      aria-label={words.search}
      placeholder={words.search}
      leftSection={<Icon name="search" size={14} />}
      value={text}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}
