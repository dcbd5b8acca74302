/** What a number means and how it is made, on hover, focus or a tap. */
import { Popover, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect } from 'react';
import { useDefinitions } from '../api/queries.ts';
import type { Column } from '../api/types.ts';
import { Icon } from '../shell/icons.tsx';
import { useWords } from '../words/spoken.tsx';

/** A small question mark that explains a column. */
export function Meaning({ column, label }: { column: Column; label: string }) {
  const words = useWords();
  const [isOpen, { open, close }] = useDisclosure(false);
  // Also while the pointer is there and the focus elsewhere.
  useEffect(() => {
    if (!isOpen) return;
    const onKey = ({ key }: KeyboardEvent) => key === 'Escape' && close();
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [isOpen, close]);
  const { data: definitions } = useDefinitions(isOpen);
  const definition = column.figure ? definitions?.get(column.figure) : undefined;
  return (
    <Popover opened={isOpen} onChange={(next) => (next ? open() : close())} width={300} withArrow>
      <Popover.Target>
        <UnstyledButton
          className="meaning"
          aria-label={`${words.means}: ${label}`}
          aria-expanded={isOpen}
          onMouseEnter={open}
          onMouseLeave={close}
          onFocus={open}
          onBlur={close}
          // A tap brings the focus first: it would close again what that has opened.
          onClick={open}
        >
          <Icon name="question" size={13} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">{column.meaning}</Text>
        {definition && (
          <>
            <Text size="sm" mt={6}>
              {definition.meaning}
            </Text>
            <Text size="xs" mt={6} c="dimmed">
              {words.formula}: {definition.formula}
            </Text>
            {definition.source && (
              <Text size="xs" mt={4} c="dimmed">
                {words.source}: {definition.source}
              </Text>
            )}
          </>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
