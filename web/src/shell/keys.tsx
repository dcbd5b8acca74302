/** The keys that work everywhere, and the list of them. */
import { Kbd, Modal, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useState } from 'react';
import { dateIn } from '../question/dates.ts';
import { shiftRange, writeRange } from '../question/ranges.ts';
import { usualComparison } from '../question/view.ts';
import { useWords } from '../words/spoken.tsx';
import { useView } from './address.ts';

const Palette = lazy(async () => ({ default: (await import('./Palette.tsx')).Palette }));

/** Whether somebody writes a text, or chooses from a list, where keys mean something else. */
function isTaken({ target, defaultPrevented }: KeyboardEvent): boolean {
  if (defaultPrevented) return true;
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null
  );
}

/** Listens for the keys; shows their list, and the palette. */
export function Keys() {
  const words = useWords();
  const { view, question, setView } = useView();
  const [isHelpOpen, help] = useDisclosure(false);
  const [isPaletteOpen, setPalette] = useState(false);

  useEffect(() => {
    const today = dateIn(question.zone, Date.now());
    const shift = (steps: -1 | 1) => setView({ ...view, range: writeRange(shiftRange(question.range, today, steps)) });
    const acts: Record<string, () => void> = {
      d: () => setView({ ...view, range: 'today' }),
      w: () => setView({ ...view, range: '7d' }),
      m: () => setView({ ...view, range: 'month' }),
      x: () => setView({ ...view, compare: question.compare === undefined ? usualComparison(question.range) : 'none' }),
      arrowleft: () => shift(-1),
      arrowright: () => question.dates.to < today && shift(1),
      escape: () => {
        const { campaign: _, team: __, agents: ___, ...rest } = view;
        setView(rest);
      },
      '/': () => document.querySelector<HTMLInputElement>('[data-search]')?.focus() ?? setPalette(true),
      '?': help.open,
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        setPalette(true);
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
      const act = acts[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [view, question, setView, help.open]);

  const list: [key: string, does: string][] = [
    ['D', words.key_d],
    ['W', words.key_w],
    ['M', words.key_m],
    ['← →', `${words.key_left}, ${words.key_right}`],
    ['X', words.key_x],
    ['/', words.key_search],
    ['Ctrl K', words.key_palette],
    ['Esc', words.key_esc],
    ['?', words.key_help],
  ];
  return (
    <>
      <Modal
        opened={isHelpOpen}
        onClose={help.close}
        title={words.keys}
        closeButtonProps={{ 'aria-label': words.close }}
      >
        <Table>
          <Table.Tbody>
            {list.map(([key, does]) => (
              <Table.Tr key={key}>
                <Table.Th scope="row">
                  <Kbd>{key}</Kbd>
                </Table.Th>
                <Table.Td>{does}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
      {isPaletteOpen && (
        <Suspense>
          <Palette onClose={() => setPalette(false)} />
        </Suspense>
      )}
    </>
  );
}
