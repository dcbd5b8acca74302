/** The filter bar: what every page asks, in one place, kept in the address. */
import { ActionIcon, Button, Group, Menu, MultiSelect, Popover, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { takes, useNames } from '../api/queries.ts';
import type { Report } from '../api/types.ts';
import { dateIn, daysBetween, isDate } from '../question/dates.ts';
import { mostDays, namedRanges, shiftRange, writeRange } from '../question/ranges.ts';
import { comparedNames, type Question, type View } from '../question/view.ts';
import { useSpoken, useWords } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';
import { useView } from './address.ts';
import { Icon } from './icons.tsx';
import { useSigned } from './signed-in.tsx';

/** The bar. What the report of a page does not take is not offered there. */
export function FilterBar() {
  const words = useWords();
  const { view, question, setView } = useView();
  const { me, reports } = useSigned();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  if (path === '/start') return null;
  const report = reports.find(({ name }) => path === `/reports/${name}`);
  const isTaken = (name: string) => !report || takes(report, name);
  const today = dateIn(question.zone, Date.now());
  const shift = (steps: -1 | 1) => setView({ ...view, range: writeRange(shiftRange(question.range, today, steps)) });
  const hasFilters = view.campaign !== undefined || view.team !== undefined || view.agents !== undefined;
  return (
    <section className="filters" aria-label={words.filters}>
      {isTaken('date_from') && (
        <Group gap={4} wrap="nowrap">
          <ActionIcon variant="default" size={34} aria-label={words.earlier} onClick={() => shift(-1)}>
            <Icon name="earlier" />
          </ActionIcon>
          <RangeMenu question={question} onChange={(range) => setView({ ...view, range })} />
          <ActionIcon
            variant="default"
            size={34}
            aria-label={words.later}
            disabled={question.dates.to >= today}
            onClick={() => shift(1)}
          >
            <Icon name="later" />
          </ActionIcon>
        </Group>
      )}
      <CampaignSelect view={view} report={report} onChange={setView} />
      {isTaken('team_id') && me.team_id === null && me.agent_id === null && (
        <TeamSelect view={view} onChange={setView} />
      )}
      {isTaken('agent_ids[]') && me.agent_id === null && <AgentSelect view={view} onChange={setView} />}
      {isTaken('compare') && <CompareMenu question={question} onChange={(compare) => setView({ ...view, compare })} />}
      {isTaken('timezone') && <ZoneSelect view={view} question={question} onChange={setView} />}
      {hasFilters && (
        <Button
          variant="subtle"
          color="gray"
          size="sm"
          onClick={() =>
            setView({
              ...(view.range && { range: view.range }),
              ...(view.zone && { zone: view.zone }),
              ...(view.compare && { compare: view.compare }),
            })
          }
        >
          {words.clearFilters}
        </Button>
      )}
    </section>
  );
}

interface ViewChanger {
  view: View;
  onChange(view: View): void;
}

/** A view without one of its filters, or with another value of it. */
function changed<Name extends keyof View>(view: View, name: Name, value: View[Name] | undefined): View {
  const { [name]: _, ...others } = view;
  return value === undefined ? others : { ...others, [name]: value };
}

function RangeMenu({ question: { range, dates }, onChange }: { question: Question; onChange(range: string): void }) {
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  const [isOpen, { open, close, toggle }] = useDisclosure(false);
  const [isCustom, setCustom] = useState(false);
  const label = typeof range === 'string' ? words[`range_${range}`] : writing.span(dates.from, dates.to);
  const choose = (next: string) => {
    setCustom(false);
    close();
    onChange(next);
  };
  return (
    <Popover
      opened={isOpen}
      onChange={(next) => (next ? open() : close())}
      position="bottom-start"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button variant="default" size="sm" onClick={toggle} aria-label={`${words.range}: ${label}`}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={4}>
        {isCustom ? (
          <CustomDates from={dates.from} to={dates.to} onApply={choose} />
        ) : (
          <Stack gap={0} role="group" aria-label={words.range}>
            {namedRanges.map((name) => (
              <Button
                key={name}
                variant={range === name ? 'light' : 'subtle'}
                color={range === name ? 'brand' : 'gray'}
                justify="start"
                size="sm"
                aria-pressed={range === name}
                onClick={() => choose(name)}
              >
                {words[`range_${name}`]}
              </Button>
            ))}
            <Button variant="subtle" color="gray" justify="start" size="sm" onClick={() => setCustom(true)}>
              {words.range_custom}
            </Button>
          </Stack>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Two dates to choose. */
function CustomDates({ from, to, onApply }: { from: string; to: string; onApply(range: string): void }) {
  const words = useWords();
  const [dates, setDates] = useState({ from, to });
  const areDates = isDate(dates.from) && isDate(dates.to);
  const fault = !areDates
    ? undefined
    : dates.from > dates.to
      ? words.rangeBackwards
      : daysBetween(dates.from, dates.to) > mostDays
        ? words.rangeTooLong
        : undefined;
  const field = (name: 'from' | 'to', label: string) => (
    <label className="date-field">
      <span>{label}</span>
      <input type="date" value={dates[name]} onChange={({ target }) => setDates({ ...dates, [name]: target.value })} />
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
          <Text size="sm" c="red" role="alert">
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

const toData = (names: readonly { id: number; name: string }[] | undefined, chosen: readonly number[]) => {
  const known = (names ?? []).map(({ id, name }) => ({ value: String(id), label: name }));
  const missing = chosen.filter((id) => !known.some(({ value }) => value === String(id)));
  return [...known, ...missing.map((id) => ({ value: String(id), label: `#${id}` }))];
};

function CampaignSelect({ view, report, onChange }: ViewChanger & { report: Report | undefined }) {
  const words = useWords();
  const isNeeded = report?.parameters.some(({ name, required }) => name === 'campaign_id' && required) ?? false;
  const [isWanted, { open }] = useDisclosure(false);
  const { data } = useNames('campaigns', { enabled: isWanted || isNeeded || view.campaign !== undefined });
  return (
    <Select
      aria-label={words.campaign}
      placeholder={isNeeded ? words.chooseCampaign : words.allCampaigns}
      data={toData(data, view.campaign === undefined ? [] : [view.campaign])}
      value={view.campaign === undefined ? null : String(view.campaign)}
      onChange={(value) => onChange(changed(view, 'campaign', value === null ? undefined : Number(value)))}
      onFocus={open}
      onDropdownOpen={open}
      searchable
      clearable
      limit={100}
      nothingFoundMessage={words.nothingFound}
      clearButtonProps={{ 'aria-label': words.allCampaigns }}
      w={190}
      size="sm"
    />
  );
}

function TeamSelect({ view, onChange }: ViewChanger) {
  const words = useWords();
  const [isWanted, { open }] = useDisclosure(false);
  const { data } = useNames('teams', { enabled: isWanted || view.team !== undefined });
  return (
    <Select
      aria-label={words.team}
      placeholder={words.allTeams}
      data={toData(data, view.team === undefined ? [] : [view.team])}
      value={view.team === undefined ? null : String(view.team)}
      onChange={(value) => onChange(changed(view, 'team', value === null ? undefined : Number(value)))}
      onFocus={open}
      onDropdownOpen={open}
      searchable
      clearable
      limit={100}
      nothingFoundMessage={words.nothingFound}
      clearButtonProps={{ 'aria-label': words.allTeams }}
      w={150}
      size="sm"
    />
  );
}

function AgentSelect({ view, onChange }: ViewChanger) {
  const words = useWords();
  const [isWanted, { open }] = useDisclosure(false);
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 200);
  const { data } = useNames('agents', { search, enabled: isWanted || view.agents !== undefined });
  const chosen = view.agents ?? [];
  return (
    <MultiSelect
      aria-label={words.agents}
      placeholder={chosen.length === 0 ? words.allAgents : ''}
      data={toData(data, chosen)}
      value={chosen.map(String)}
      onChange={(values) => onChange(changed(view, 'agents', values.length === 0 ? undefined : values.map(Number)))}
      onFocus={open}
      searchable
      searchValue={text}
      onSearchChange={setText}
      clearable
      limit={100}
      nothingFoundMessage={words.nothingFound}
      clearButtonProps={{ 'aria-label': words.allAgents }}
      className="agents-filter"
      size="sm"
    />
  );
}

function CompareMenu({ question: { compare }, onChange }: { question: Question; onChange(compare: string): void }) {
  const words = useWords();
  const now = compare ?? 'none';
  const labels = {
    ...Object.fromEntries(comparedNames.map((name) => [name, words[`compare_${name}`]])),
    none: words.compare_none,
  };
  const label = labels[now as keyof typeof labels] ?? now.replace('..', ' – ');
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="default" size="sm" aria-label={`${words.compare}: ${label}`}>
          <Text span size="sm" c="dimmed" mr={6}>
            {words.compare}
          </Text>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(labels).map(([name, text]) => (
          <Menu.Item key={name} onClick={() => onChange(name)} aria-current={name === now || undefined}>
            {text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ZoneSelect({ view, question, onChange }: ViewChanger & { question: Question }) {
  const words = useWords();
  const { me } = useSigned();
  const [isWanted, { open }] = useDisclosure(false);
  const all = isWanted ? Intl.supportedValuesOf('timeZone') : [];
  const zones = [...new Set([me.tenant.timezone, 'UTC', question.zone, ...all])];
  return (
    <Select
      aria-label={words.zone}
      data={zones}
      value={question.zone}
      onChange={(zone) =>
        onChange(changed(view, 'zone', zone === null || zone === me.tenant.timezone ? undefined : zone))
      }
      onFocus={open}
      onDropdownOpen={open}
      searchable
      limit={80}
      nothingFoundMessage={words.nothingFound}
      allowDeselect={false}
      w={190}
      size="sm"
    />
  );
}
