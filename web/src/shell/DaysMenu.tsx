/** Days as one button: by their names, or two dates. */
import { Button, Popover, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { daysBetween, isDate } from '../question/dates.ts';
import { type Dates, mostDays, writeRange } from '../question/ranges.ts';
import { useWords } from '../words/spoken.tsx';
import type { Choice } from './Chooser.tsx';
import { Icon, type IconName } from './icons.tsx';

interface DaysMenuProps {
  label: string;
  shown: string;
  icon?: IconName;
  choices: readonly Choice[];
  chosen: string;
  /** What the two dates begin with. */
  dates: Dates;
  className?: string;
  onChange(value: string): void;
}

/** The button, and what opens under it. */
export function DaysMenu({ label, shown, icon, choices, chosen, dates, className, onChange }: DaysMenuProps) {
  const words = useWords();
  const [isOpen, { close, toggle }] = useDisclosure(false);
  const [isCustom, setCustom] = useState(false);
  const leave = () => {
    close();
    setCustom(false);
  };
  const choose = (value: string) => {
    leave();
    onChange(value);
  };
  const isNamed = choices.some(({ value }) => value === chosen);
  const option = (value: string, text: string, isChosen: boolean, act: () => void) => (
    <Button
      key={value}
      variant={isChosen ? 'light' : 'subtle'}
      color={isChosen ? 'brand' : 'gray'}
      justify="start"
      size="sm"
      fw={isChosen ? 600 : 400}
      aria-pressed={isChosen}
      data-autofocus={isChosen || undefined}
      onClick={act}
    >
      {text}
    </Button>
  );
  return (
    <Popover opened={isOpen} onChange={leave} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="sm"
          className={`chooser ${className ?? ''}`}
          leftSection={icon && <Icon name={icon} size={15} />}
          rightSection={<Icon name="down" size={13} />}
          onClick={toggle}
          aria-label={`${label}: ${shown}`}
        >
          {shown}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={4} aria-label={label}>
        {isCustom ? (
          <TwoDates dates={dates} onApply={choose} />
        ) : (
          <Stack gap={0} role="group" aria-label={label} onKeyDown={walk}>
            {choices.map(({ value, label }) => option(value, label, value === chosen, () => choose(value)))}
            {option('custom', words.range_custom, !isNamed, () => setCustom(true))}
          </Stack>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Arrows walk through a list of buttons. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
}

/** Two dates to choose. */
function TwoDates({ dates: given, onApply }: { dates: Dates; onApply(range: string): void }) {
  const words = useWords();
  const [dates, setDates] = useState(given);
  const first = useRef<HTMLInputElement>(null);
  // What had the focus before is gone.
  useEffect(() => first.current?.focus(), []);
  const areDates = isDate(dates.from) && isDate(dates.to);
  const fault = areDates ? faultOf(dates, words) : undefined;
  const field = (name: 'from' | 'to', label: string) => (
    <label className="date-field">
      <span>{label}</span>
      <input
        type="date"
        required
        value={dates[name]}
        ref={name === 'from' ? first : undefined}
        onChange={({ target }) => setDates({ ...dates, [name]: target.value })}
      />
    </label>
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (areDates && !fault) onApply(writeRange(dates));
      }}
    >
      <Stack gap="xs" p="xs">
        {field('from', words.rangeFrom)}
        {field('to', words.rangeTo)}
        {fault && (
          <Text size="sm" c="var(--bad)" role="alert">
            {fault}
          </Text>
        )}
        <Button type="submit" size="sm" disabled={!areDates || fault !== undefined}>
          {words.rangeApply}
        </Button>
      </Stack>
    </form>
  );
}

function faultOf({ from, to }: Dates, words: ReturnType<typeof useWords>): string | undefined {
  if (from > to) return words.rangeBackwards;
  return daysBetween(from, to) > mostDays ? words.rangeTooLong : undefined;
}
