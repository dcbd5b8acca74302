/** The command palette: any report, range or campaign by a few letters of its name. */
import { Combobox, Modal, ScrollArea, TextInput, useCombobox } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useNames } from '../api/queries.ts';
import { namedRanges } from '../question/ranges.ts';
import { fold } from '../table/fold.ts';
import { useSpoken } from '../words/spoken.tsx';
import { titleOf } from '../words/titles.ts';
import { useView } from './address.ts';
import { useSigned } from './signed-in.tsx';

interface Entry {
  id: string;
  label: string;
  group: string;
  go(): void;
}

const mostShown = 12;

/** The palette. */
export function Palette({ onClose }: { onClose(): void }) {
  const { words, names } = useSpoken();
  const { reports, may } = useSigned();
  const { view, setView } = useView();
  const navigate = useNavigate();
  const { data: campaigns = [] } = useNames('campaigns');
  const [text, setText] = useState('');
  const combobox = useCombobox({ opened: true });
  const to = (path: string) => () => void navigate({ to: path, search: true as never });
  const entries: Entry[] = [
    { id: 'overview', label: words.overview, group: words.navigation, go: to('/') },
    ...reports.map((report) => ({
      id: report.name,
      label: titleOf(report, names),
      group: words.navigation,
      go: to(`/reports/${report.name}`),
    })),
    { id: 'wall', label: words.wall, group: words.navigation, go: to('/wall') },
    ...(may('ingest') ? [{ id: 'start', label: words.firstSteps, group: words.navigation, go: to('/start') }] : []),
    ...namedRanges.map((range) => ({
      id: range,
      label: words[`range_${range}`],
      group: words.range,
      go: () => setView({ ...view, range }),
    })),
    ...campaigns.map(({ id, name }) => ({
      id: `campaign ${id}`,
      label: name,
      group: words.campaign,
      go: () => setView({ ...view, campaign: id }),
    })),
  ];
  const wanted = fold(text);
  const found = entries.filter(({ label }) => fold(label).includes(wanted)).slice(0, mostShown);
  const choose = (id: string) => {
    onClose();
    found.find((entry) => entry.id === id)?.go();
  };
  return (
    <Modal opened onClose={onClose} withCloseButton={false} padding="xs" aria-label={words.key_palette}>
      <Combobox store={combobox} onOptionSubmit={choose} withinPortal={false}>
        <Combobox.EventsTarget>
          <TextInput
            data-autofocus
            aria-label={words.palette}
            placeholder={words.palette}
            value={text}
            onChange={({ target }) => {
              setText(target.value);
              combobox.selectFirstOption();
            }}
          />
        </Combobox.EventsTarget>
        <ScrollArea.Autosize mah={360} mt="xs">
          <Combobox.Options>
            {found.length === 0 && <Combobox.Empty>{words.nothingFound}</Combobox.Empty>}
            {found.map(({ id, label, group }) => (
              <Combobox.Option value={id} key={id}>
                {label} <span className="dimmed">{group}</span>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </ScrollArea.Autosize>
      </Combobox>
    </Modal>
  );
}
