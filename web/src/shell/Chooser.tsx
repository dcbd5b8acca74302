/** A filter as one button that says what is chosen, with a list behind it that is searched: one of it, or many. */
import { Button, Popover } from '@mantine/core';
import { useState } from 'react';
import { Icon, type IconName } from './icons.tsx';
import { SearchList } from './SearchList.tsx';

/** Something that may be chosen. */
export interface Choice {
  value: string;
  label: string;
}

interface ChooserProps {
  /** What is chosen here: `Campaign`. */
  label: string;
  /** What the button says now. */
  shown: string;
  icon?: IconName;
  /** Undefined: they are on their way. */
  choices: readonly Choice[] | undefined;
  chosen: readonly string[];
  /** What choosing nothing is called; without it, something is always chosen. */
  all?: string;
  isMany?: boolean;
  className?: string;
  onOpen?(): void;
  /** `isFurther`: one more choice while the list is open. */
  onChange(chosen: string[], isFurther: boolean): void;
}

const allValue = '';

/** The button and its list. */
export function Chooser(props: ChooserProps) {
  const { label, shown, icon, choices, chosen, all, isMany = false, className, onOpen, onChange } = props;
  const [isOpen, setOpen] = useState(false);
  const [hasChanged, setChanged] = useState(false);
  const become = (next: boolean) => {
    setOpen(next);
    setChanged(false);
    if (next) onOpen?.();
  };
  const choose = (value: string) => {
    if (isMany && value !== allValue) {
      onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value], hasChanged);
      setChanged(true);
      return;
    }
    become(false);
    onChange(value === allValue ? [] : [value], hasChanged);
  };
  const first = all === undefined ? [] : [{ value: allValue, label: all, isChosen: chosen.length === 0 }];
  const entries = choices && [
    ...first,
    ...choices.map((choice) => ({ ...choice, isChosen: chosen.includes(choice.value) })),
  ];
  return (
    <Popover opened={isOpen} onChange={become} position="bottom-start" width={280} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="sm"
          className={`chooser ${className ?? ''}`}
          data-set={(all !== undefined && chosen.length > 0) || undefined}
          aria-label={`${label}: ${shown}`}
          leftSection={icon && <Icon name={icon} size={15} />}
          rightSection={<Icon name="down" size={13} />}
          onClick={() => become(!isOpen)}
        >
          <bdi>{shown}</bdi>
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={4} aria-label={label}>
        <SearchList
          label={label}
          entries={entries}
          isMany={isMany}
          mark={({ isChosen }) => isChosen && <Icon name="check" size={14} />}
          onChoose={choose}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
