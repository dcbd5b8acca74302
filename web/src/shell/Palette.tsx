/** The command palette: any report, range, campaign, agent or act by a few letters of its name. */
import { Modal, useMantineColorScheme } from '@mantine/core';
import { useIsFetching } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { isAskable, reportUrl, takes, useNames } from '../api/queries.ts';
import { namedRanges } from '../question/ranges.ts';
import { fixedOf, withoutFilters } from '../question/view.ts';
import { languages, useSpoken } from '../words/spoken.tsx';
import { titleOf } from '../words/titles.ts';
import { keepView, useView } from './address.ts';
import type { Entry } from './find-entries.ts';
import { SearchList } from './SearchList.tsx';
import { useSignOut } from './sign-out.ts';
import { useSigned } from './signed-in.tsx';

interface Act extends Entry {
  go(): void;
}

const files = { csv: 'CSV', xlsx: 'Excel' } as const;

/** The palette. */
export function Palette({ onClose, onKeys }: { onClose(): void; onKeys(): void }) {
  const { words } = useSpoken();
  const acts = useActs(onKeys);
  const isComing = useIsFetching({ queryKey: ['names'] }) > 0;
  const [before] = useState(() => document.activeElement);
  return (
    <Modal
      opened
      onClose={() => {
        onClose();
        if (before instanceof HTMLElement) before.focus();
      }}
      withCloseButton={false}
      padding={4}
      size={520}
      aria-label={words.key_palette}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <SearchList
        label={words.key_palette}
        placeholder={words.palette}
        entries={acts}
        isComing={isComing}
        onChoose={(value) => {
          onClose();
          acts.find((act) => act.value === value)?.go();
        }}
      />
    </Modal>
  );
}

function useActs(onKeys: () => void): Act[] {
  const { words } = useSpoken();
  return [...usePages(), ...useFiles(), ...useRanges(), ...useFilters(), ...useLooks(), keysAct(words.keys, onKeys)];
}

const keysAct = (label: string, go: () => void): Act => ({ value: 'keys', label, go });

function usePages(): Act[] {
  const { words, names } = useSpoken();
  const { reports, may } = useSigned();
  const navigate = useNavigate();
  const page = (path: string, label: string): Act => ({
    value: path,
    label,
    group: words.page,
    go: () => void navigate({ to: path, search: keepView as never }),
  });
  return [
    page('/', words.overview),
    ...reports.map((report) => page(`/reports/${report.name}`, titleOf(report, names))),
    page('/wall', words.wall),
    ...(may('ingest') ? [page('/start', words.firstSteps)] : []),
  ];
}

/** The files of the report that is shown. */
function useFiles(): Act[] {
  const { words } = useSpoken();
  const { reports, may } = useSigned();
  const { question } = useView();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const report = reports.find(({ name }) => path === `/reports/${name}`);
  if (!report || !may('exports') || !isAskable(report, question)) return [];
  const compare = takes(report, 'compare') ? question.compare : undefined;
  return Object.entries(files).map(([format, label]) => ({
    value: `file ${format}`,
    label: `${words.export}: ${label}`,
    go: () => location.assign(reportUrl(report, question, { door: '/export', own: { compare, format } })),
  }));
}

function useRanges(): Act[] {
  const { words } = useSpoken();
  const { view, setView } = useView();
  return namedRanges.map((range) => ({
    value: range,
    label: words[`range_${range}`],
    group: words.range,
    go: () => setView({ ...view, range }),
  }));
}

function useFilters(): Act[] {
  const { words } = useSpoken();
  const { me } = useSigned();
  const { view, setView } = useView();
  const { data: campaigns = [] } = useNames('campaigns');
  const fixed = fixedOf(me);
  const { data: teams = [] } = useNames('teams', { enabled: !fixed.includes('team') });
  const { data: agents = [] } = useNames('agents', { enabled: !fixed.includes('agents') });
  return [
    { value: 'all', label: words.clearFilters, go: () => setView(withoutFilters(view)) },
    ...campaigns.map(({ id, name }) => ({
      value: `campaign ${id}`,
      label: name,
      group: words.campaign,
      go: () => setView({ ...view, campaign: id }),
    })),
    ...teams.map(({ id, name }) => ({
      value: `team ${id}`,
      label: name,
      group: words.team,
      go: () => setView({ ...view, team: id }),
    })),
    ...agents.map(({ id, name }) => ({
      value: `agent ${id}`,
      label: name,
      group: words.agent,
      go: () => setView({ ...view, agents: [id] }),
    })),
  ];
}

function useLooks(): Act[] {
  const { words, language, speak } = useSpoken();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const themes = (['light', 'dark', 'auto'] as const).filter((scheme) => scheme !== colorScheme);
  const others = (['en', 'vi'] as const).filter((one) => one !== language);
  return [
    ...themes.map((scheme) => ({
      value: `theme ${scheme}`,
      label: `${words.theme}: ${words[`theme_${scheme}`]}`,
      go: () => setColorScheme(scheme),
    })),
    ...others.map((other) => ({
      value: `language ${other}`,
      label: `${words.languageLabel}: ${languages[other].words.language}`,
      go: () => speak(other),
    })),
    { value: 'sign out', label: words.signOut, go: () => void signOut() },
  ];
}
