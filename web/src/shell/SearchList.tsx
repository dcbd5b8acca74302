/** A list that is searched by a few letters and walked through by arrows: the focus stays in the field above it. */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useWords } from '../words/spoken.tsx';
import { type Entry, findEntries } from './find-entries.ts';

interface SearchListProps {
  /** What is in it. */
  label: string;
  placeholder?: string;
  /** Undefined: they are on their way. */
  entries: readonly Entry[] | undefined;
  /** More of them are on their way. */
  isComing?: boolean;
  isMany?: boolean;
  /** What stands before an entry's label. */
  mark?: ((entry: Entry) => ReactNode) | undefined;
  onChoose(value: string): void;
}

// More than this are found by a letter more.
const mostShown = 100;

/** The field and the list. */
export function SearchList({ label, placeholder, entries, isComing = false, isMany, mark, onChoose }: SearchListProps) {
  const words = useWords();
  const id = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(() => Math.max(0, entries?.findIndex(({ isChosen }) => isChosen) ?? 0));
  const list = useRef<HTMLDivElement>(null);
  const found = findEntries(entries ?? [], text);
  const shown = found.slice(0, mostShown);
  const at = Math.min(active, shown.length - 1);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const onKeyDown = (event: KeyboardEvent) => {
    // Enter may end a letter that is being composed.
    if (event.nativeEvent.isComposing) return;
    const moves: Record<string, number> = {
      ArrowDown: at + 1 < shown.length ? at + 1 : 0,
      ArrowUp: at > 0 ? at - 1 : shown.length - 1,
      PageDown: Math.min(at + 8, shown.length - 1),
      PageUp: Math.max(at - 8, 0),
    };
    const next = moves[event.key];
    const chosen = shown[at];
    if (next !== undefined) setActive(next);
    else if (event.key === 'Enter' && chosen) onChoose(chosen.value);
    else return;
    event.preventDefault();
  };
  return (
    <div className="search-list">
      <input
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder ?? words.search}
        data-autofocus
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={label}
        aria-multiselectable={isMany || undefined}
        // The field has the focus, and moves through it.
        tabIndex={-1}
      >
        {shown.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys.
          // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus.
          <div
            key={entry.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={mark ? Boolean(entry.isChosen) : index === at}
            data-active={index === at || undefined}
            onPointerMove={() => index !== at && setActive(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(entry.value)}
          >
            {mark && (
              <span className="search-list-mark" aria-hidden="true">
                {mark(entry)}
              </span>
            )}
            <bdi>{entry.label}</bdi>
            {entry.group && <span className="dimmed">{entry.group}</span>}
          </div>
        ))}
      </div>
      <div role="status" className="search-list-note">
        {(entries === undefined || isComing) && `${words.loading} …`}
        {entries && !isComing && found.length === 0 && words.nothingFound}
        {found.length > mostShown && words.moreFound(found.length - mostShown)}
      </div>
    </div>
  );
}
