/** The keys that work everywhere, and the list of them. */
import { Kbd, Modal, Switch, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { type NamedRange, shiftRange, writeRange } from '../question/ranges.ts';
import { changed, type View } from '../question/view.ts';
import { keep, readKept } from '../words/kept.ts';
import { useWords } from '../words/spoken.tsx';
import { useClearFilters, useView } from './address.ts';
import { Palette } from './Palette.tsx';
import { useToday } from './today.ts';

const openThings = '[role="dialog"], [role="menu"], [role="listbox"]';
// They are there while the pointer rests on a number: that keeps nobody from going on by keys.
const tips = '[role="tooltip"], .tip';
let wasOpen = false;

// Whatever is open may be closed by the time that its key comes here.
addEventListener(
  'keydown',
  ({ key }) => {
    const closing = key === 'Escape' ? `${openThings}, ${tips}` : openThings;
    wasOpen = [...document.querySelectorAll(closing)].some((thing) => thing.checkVisibility());
  },
  { capture: true },
);

/** Whether somebody writes a text, or something is open, where keys mean something else. */
function isTaken({ target, defaultPrevented }: KeyboardEvent): boolean {
  if (defaultPrevented || wasOpen) return true;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Whether arrows mean something where the focus is: in a picture, a table's scroller, a set of choices. */
const takesArrows = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  target.closest(
    '[role="radiogroup"], [role="grid"], [role="application"], [role="slider"], [role="img"], svg, .scrolled',
  ) !== null;

/** Listens for the keys; shows their list, and the palette. */
export function Keys() {
  const { view, question, setView } = useView();
  const clear = useClearFilters();
  const today = useToday(question.zone);
  const [isListOpen, list] = useDisclosure(false);
  const [isPaletteOpen, setPalette] = useState(false);
  const [areLettersOn, setLetters] = useState(() => readKept('letters') !== 'off');

  useEffect(() => {
    const show = (range: NamedRange) => setView({ ...view, range });
    const shift = (steps: -1 | 1) => setView({ ...view, range: writeRange(shiftRange(question.range, today, steps)) });
    const compared: View =
      question.compare === undefined ? changed(view, 'compare', undefined) : { ...view, compare: 'none' };
    const letters: Record<string, () => void> = {
      d: () => show('today'),
      w: () => show('7d'),
      m: () => show('month'),
      x: () => setView(compared),
      '/': () => {
        const field = document.querySelector<HTMLInputElement>('[data-search]');
        if (field) field.focus();
        else setPalette(true);
      },
      '?': list.open,
    };
    const others: Record<string, (event: KeyboardEvent) => void> = {
      arrowleft: (event) => !takesArrows(event) && shift(-1),
      arrowright: (event) => !takesArrows(event) && question.dates.to < today && shift(1),
      escape: () => clear?.(),
    };
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if (key === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        if (!wasOpen) setPalette(true);
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
      const letter = areLettersOn ? letters[key] : undefined;
      if (letter) {
        event.preventDefault();
        letter();
      }
      others[key]?.(event);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [view, question, setView, clear, today, list.open, areLettersOn]);

  return (
    <>
      <KeyList
        isOpen={isListOpen}
        onClose={list.close}
        areLettersOn={areLettersOn}
        onLetters={(next) => {
          setLetters(next);
          keep('letters', next ? 'on' : 'off');
        }}
      />
      {isPaletteOpen && <Palette onClose={() => setPalette(false)} onKeys={list.open} />}
    </>
  );
}

interface KeyListProps {
  isOpen: boolean;
  onClose(): void;
  areLettersOn: boolean;
  onLetters(next: boolean): void;
}

function KeyList({ isOpen, onClose, areLettersOn, onLetters }: KeyListProps) {
  const words = useWords();
  const keys: [keys: string[], does: string][] = [
    [['D'], words.key_d],
    [['W'], words.key_w],
    [['M'], words.key_m],
    [['←'], words.key_left],
    [['→'], words.key_right],
    [['X'], words.key_x],
    [['/'], words.key_search],
    [['Ctrl', 'K'], words.key_palette],
    [['Esc'], words.key_esc],
    [['?'], words.key_help],
  ];
  return (
    <Modal opened={isOpen} onClose={onClose} title={words.keys} closeButtonProps={{ 'aria-label': words.close }}>
      <Table>
        <Table.Tbody>
          {keys.map(([keys, does]) => (
            <Table.Tr key={does}>
              <Table.Th scope="row" fw={400} w={110}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Th>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Switch
        mt="md"
        label={words.letterKeys}
        checked={areLettersOn}
        onChange={({ target }) => onLetters(target.checked)}
      />
      <Text size="xs" c="dimmed" mt={4}>
        {words.letterKeysAbout}
      </Text>
    </Modal>
  );
}
