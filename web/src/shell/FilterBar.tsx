/** The filter bar: what every page asks, in one place, kept in the address. On a phone it is one button that says what is set. */
import { ActionIcon, Button, Collapse, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useRouterState } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import { takes, useNames } from '../api/queries.ts';
import type { Report } from '../api/types.ts';
import { namedRanges, shiftRange, writeRange } from '../question/ranges.ts';
import {
  changed,
  comparedNames,
  fixedOf,
  givenComparison,
  readView,
  unreadOf,
  type ViewName,
  viewNames,
} from '../question/view.ts';
import { useSpoken, useWords } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';
import { useClearFilters, useSearch, useView } from './address.ts';
import { Chooser } from './Chooser.tsx';
import { DaysMenu } from './DaysMenu.tsx';
import { Icon } from './icons.tsx';
import { useIsNarrow } from './narrow.ts';
import { useSigned } from './signed-in.tsx';
import { useToday } from './today.ts';

/** The parameter of a report that each part of a view becomes. */
const paramOf: Record<ViewName, string> = {
  range: 'date_from',
  campaign: 'campaign_id',
  team: 'team_id',
  agents: 'agent_ids[]',
  zone: 'timezone',
  compare: 'compare',
};

/** The bar. What the report of a page does not take, or the asker may not choose, is not offered there. */
export function FilterBar() {
  const words = useWords();
  const { me, reports } = useSigned();
  const isNarrow = useIsNarrow();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const report = reports.find(({ name }) => path === `/reports/${name}`);
  if (reports.length === 0 || (!report && path !== '/')) return null;
  const fixed = fixedOf(me);
  const isTaken = (name: ViewName) => !fixed.includes(name) && (!report || takes(report, paramOf[name]));
  const filters = (
    <>
      {isTaken('range') && <RangeFilter />}
      {isTaken('zone') && <ZoneFilter />}
      {isTaken('campaign') && <CampaignFilter report={report} />}
      {isTaken('team') && <TeamFilter />}
      {isTaken('agents') && <AgentFilter />}
      {isTaken('compare') && <CompareFilter />}
      <Clear />
    </>
  );
  return (
    <section className="filters" aria-label={words.filters}>
      {isNarrow ? <Folded isTaken={isTaken}>{filters}</Folded> : <div className="filter-row">{filters}</div>}
      <Unread isTaken={isTaken} />
    </section>
  );
}

/** All filters behind one button, which says what is set. */
function Folded({ isTaken, children }: { isTaken(name: ViewName): boolean; children: ReactNode }) {
  const words = useWords();
  const [isOpen, { toggle }] = useDisclosure(false);
  const id = useId();
  const texts: Partial<Record<ViewName, string>> = {
    range: useRangeText(),
    campaign: useChosenName('campaigns'),
    team: useChosenName('teams'),
    agents: useChosenName('agents'),
  };
  const set = viewNames.filter((name) => isTaken(name) && texts[name]);
  const shown = set.map((name) => texts[name]).join(' · ');
  return (
    <>
      <Button
        variant="default"
        fullWidth
        className="chooser filters-button"
        leftSection={<Icon name="filters" size={16} />}
        rightSection={<Icon name={isOpen ? 'up' : 'down'} size={13} />}
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={shown ? `${words.filters}: ${shown}` : words.filters}
        onClick={toggle}
      >
        <bdi>{shown || words.filters}</bdi>
      </Button>
      <Collapse expanded={isOpen} id={id}>
        <div className="filter-column">{children}</div>
      </Collapse>
    </>
  );
}

/** What the address says, and nothing here can use. */
function Unread({ isTaken }: { isTaken(name: ViewName): boolean }) {
  const words = useWords();
  const search = useSearch();
  const { me } = useSigned();
  const clear = useClearFilters();
  const labels = useFilterLabels();
  const unread = unreadOf(search);
  const said = readView(search);
  const fixed = fixedOf(me).filter((name) => said[name] !== undefined);
  const unused = (['campaign', 'team', 'agents'] as const).filter(
    (name) => said[name] !== undefined && !isTaken(name) && !fixed.includes(name),
  );
  const toText = (names: readonly ViewName[]) => names.map((name) => labels[name].toLowerCase()).join(', ');
  if (unread.length + fixed.length + unused.length === 0) return null;
  return (
    <Text size="xs" className="filter-note" role="status">
      {unread.length > 0 && `${words.unread(toText(unread))} `}
      {fixed.length > 0 && `${words.ownPart(toText(fixed))} `}
      {unused.length > 0 && `${words.notTaken(toText(unused))} `}
      <button type="button" className="as-link" onClick={clear}>
        {words.clearFilters}
      </button>
    </Text>
  );
}

function useFilterLabels(): Record<ViewName, string> {
  const { range, campaign, team, agents, zone, compare } = useWords();
  return { range, campaign, team, agents, zone, compare };
}

function Clear() {
  const words = useWords();
  const clear = useClearFilters();
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={36}
      aria-label={words.clearFilters}
      title={words.clearFilters}
      data-empty={!clear || undefined}
      onClick={clear}
    >
      <Icon name="close" size={16} />
    </ActionIcon>
  );
}

function useRangeText(): string {
  const { words, language } = useSpoken();
  const { question } = useView();
  const { range } = question;
  return typeof range === 'string' ? words[`range_${range}`] : openWriting(language).span(range.from, range.to);
}

function RangeFilter() {
  const words = useWords();
  const { view, question, setView } = useView();
  const { range, dates, zone } = question;
  const today = useToday(zone);
  const shown = useRangeText();
  const shift = (steps: -1 | 1) => setView({ ...view, range: writeRange(shiftRange(range, today, steps)) });
  const arrow = (name: 'earlier' | 'later', steps: -1 | 1) => (
    <ActionIcon
      variant="default"
      size={36}
      aria-label={words[name]}
      disabled={steps === 1 && dates.to >= today}
      onClick={() => shift(steps)}
    >
      <Icon name={name} size={16} />
    </ActionIcon>
  );
  return (
    <div className="range-filter">
      {arrow('earlier', -1)}
      <DaysMenu
        label={words.range}
        shown={shown}
        choices={namedRanges.map((name) => ({ value: name, label: words[`range_${name}`] }))}
        chosen={writeRange(range)}
        dates={dates}
        className="range-button"
        onChange={(next) => setView({ ...view, range: next })}
      />
      {arrow('later', 1)}
    </div>
  );
}

type Named = 'campaigns' | 'teams' | 'agents';

/** The ids that are filtered by. */
function useChosenIds(of: Named): readonly number[] {
  const { view } = useView();
  const one = { campaigns: view.campaign, teams: view.team, agents: undefined }[of];
  return of === 'agents' ? (view.agents ?? []) : one === undefined ? [] : [one];
}

/** The names that may be filtered by, asked for when somebody looks at them, or one of them is chosen. */
function useChoices(of: Named) {
  const chosen = useChosenIds(of);
  const [isWanted, setWanted] = useState(false);
  const { data } = useNames(of, { enabled: isWanted || chosen.length > 0 });
  const choices = data?.map(({ id, name }) => ({ value: String(id), label: name }));
  return { chosen: chosen.map(String), choices, onOpen: () => setWanted(true) };
}

/** What is filtered by, in a word or two; empty when nothing is. */
function useChosenName(of: Named): string {
  const words = useWords();
  const { chosen, choices } = useChoices(of);
  const [first] = chosen;
  if (first === undefined) return '';
  if (chosen.length > 1) return words.someAgents(chosen.length);
  return choices ? (choices.find(({ value }) => value === first)?.label ?? `#${first}`) : '…';
}

function CampaignFilter({ report }: { report: Report | undefined }) {
  const words = useWords();
  const isNeeded = report?.parameters.some(({ name, required }) => name === 'campaign_id' && required) ?? false;
  const all = isNeeded ? words.chooseCampaign : words.allCampaigns;
  return <OneFilter of="campaigns" filter="campaign" label={words.campaign} all={all} />;
}

function TeamFilter() {
  const words = useWords();
  return <OneFilter of="teams" filter="team" label={words.team} all={words.allTeams} />;
}

interface OneFilterProps {
  of: Named;
  filter: 'campaign' | 'team';
  label: string;
  /** What it says while none is chosen. */
  all: string;
}

/** A filter of which one is chosen, or none. */
function OneFilter({ of, filter, label, all }: OneFilterProps) {
  const { view, setView } = useView();
  const name = useChosenName(of);
  return (
    <Chooser
      {...useChoices(of)}
      label={label}
      shown={name || all}
      all={all}
      className={`${filter}-filter`}
      onChange={([id]) => setView(changed(view, filter, id === undefined ? undefined : Number(id)))}
    />
  );
}

function AgentFilter() {
  const words = useWords();
  const { view, setView } = useView();
  const name = useChosenName('agents');
  return (
    <Chooser
      {...useChoices('agents')}
      label={words.agents}
      shown={name || words.allAgents}
      all={words.allAgents}
      isMany
      className="agents-filter"
      onChange={(ids, isFurther) =>
        // Back takes away all that were chosen together.
        setView(changed(view, 'agents', ids.length === 0 ? undefined : ids.map(Number)), { replace: isFurther })
      }
    />
  );
}

function CompareFilter() {
  const { words, language } = useSpoken();
  const { view, question, setView } = useView();
  const now = question.compare ?? 'none';
  const choices = [...comparedNames, 'none' as const].map((name) => ({ value: name, label: words[`compare_${name}`] }));
  const given = givenComparison(question.compare);
  const shown = given
    ? openWriting(language).span(given.from, given.to)
    : choices.find(({ value }) => value === now)?.label;
  return (
    <DaysMenu
      label={words.compare}
      shown={shown ?? now}
      icon="compare"
      choices={choices}
      chosen={now}
      dates={given ?? question.dates}
      className="compare-filter"
      onChange={(compare) => setView({ ...view, compare })}
    />
  );
}

function ZoneFilter() {
  const words = useWords();
  const { view, question, setView } = useView();
  const { me } = useSigned();
  const [isWanted, setWanted] = useState(false);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = new Set([me.tenant.timezone, own, 'UTC', question.zone]);
  for (const zone of isWanted ? Intl.supportedValuesOf('timeZone') : []) zones.add(zone);
  return (
    <Chooser
      label={words.zone}
      shown={question.zone}
      icon="zone"
      choices={[...zones].map((zone) => ({ value: zone, label: zone }))}
      chosen={[question.zone]}
      className="zone-filter"
      onOpen={() => setWanted(true)}
      onChange={([zone]) => setView(changed(view, 'zone', zone))}
    />
  );
}
