/** The language that the console speaks: its words, its names, and how it writes numbers and dates. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { en, type Words } from './en.ts';
import { keep, readKept } from './kept.ts';
import type { Language } from './language.ts';
import { enNames, type Names, viNames } from './names.ts';
import { vi } from './vi.ts';

/** The languages that there are. */
export const languages = {
  en: { words: en as Words, names: enNames },
  vi: { words: vi, names: viNames },
} as const satisfies Record<Language, unknown>;

/** What a component needs to speak. */
export interface Spoken {
  language: Language;
  words: Words;
  names: Names;
  speak(language: Language): void;
}

const Speaking = createContext<Spoken | undefined>(undefined);

const isLanguage = (text: string | null): text is Language => text !== null && Object.hasOwn(languages, text);

/** The language that was chosen here, or else the first of the browser's that there is. */
function usual(): Language {
  const chosen = readKept('language');
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((name) => name.slice(0, 2)).find(isLanguage) ?? 'en';
}

/** Lets everything inside speak one language. */
export function Speak({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(usual);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = useMemo(
    () => ({
      language,
      ...languages[language],
      speak: (next: Language) => {
        keep('language', next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <Speaking value={spoken}>{children}</Speaking>;
}

/** What to speak with. */
export function useSpoken(): Spoken {
  const spoken = useContext(Speaking);
  if (!spoken) throw new TypeError('nothing speaks outside of <Speak>');
  return spoken;
}

/** The words alone. */
export const useWords = (): Words => useSpoken().words;
