/** The column of navigation: the overview, every report that may be seen, and what is around them. */
import { ActionIcon, Button, Drawer, NavLink, Popover, Tooltip, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { keep, readKept } from '../words/kept.ts';
import type { Language } from '../words/language.ts';
import { languages, useSpoken } from '../words/spoken.tsx';
import { titleOf } from '../words/titles.ts';
import { keepView } from './address.ts';
import { Icon, type IconName, iconOf } from './icons.tsx';
import { Mark } from './Mark.tsx';
import { useIsNarrow } from './narrow.ts';
import { useSignOut } from './sign-out.ts';
import { useSigned } from './signed-in.tsx';

/** The navigation: a column, folded to icons where somebody wants the room, a drawer on a phone. */
export function Navigation() {
  const { words } = useSpoken();
  const isNarrow = useIsNarrow();
  const [isOpen, { open, close }] = useDisclosure(false);
  const [isFolded, setFolded] = useState(() => readKept('navigation') === 'folded');
  const fold = (next: boolean) => {
    setFolded(next);
    keep('navigation', next ? 'folded' : 'open');
  };
  if (isNarrow) {
    return (
      <nav className="phone-head" aria-label={words.navigation}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={words.openNavigation} onClick={open}>
          <Icon name="menu" />
        </ActionIcon>
        <Mark />
        <Drawer
          opened={isOpen}
          onClose={close}
          size={280}
          title={<Mark />}
          closeButtonProps={{ 'aria-label': words.close }}
        >
          <div className="navigation-drawer">
            <Links isFolded={false} onLeave={close} />
          </div>
        </Drawer>
      </nav>
    );
  }
  return (
    <nav className="navigation" data-folded={isFolded || undefined} aria-label={words.navigation}>
      <div className="navigation-head">
        <Mark isSmall={isFolded} />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={isFolded ? words.unfoldNavigation : words.foldNavigation}
          aria-expanded={!isFolded}
          onClick={() => fold(!isFolded)}
        >
          <Icon name={isFolded ? 'unfold' : 'fold'} />
        </ActionIcon>
      </div>
      <Links isFolded={isFolded} onLeave={() => {}} />
    </nav>
  );
}

interface PlaceProps {
  isFolded: boolean;
  label: string;
  icon: IconName;
}

/** What a place of the navigation looks like: folded, its label is a tip, and still what is read out. */
function usePlace({ isFolded, label, icon }: PlaceProps) {
  const props = {
    label: isFolded ? undefined : label,
    'aria-label': label,
    leftSection: <Icon name={icon} />,
  };
  const around = (place: ReactNode) => (
    <Tooltip label={label} position="right" disabled={!isFolded} events={{ hover: true, focus: true, touch: false }}>
      {place}
    </Tooltip>
  );
  return { props, around };
}

function Page({ to, onLeave, ...place }: PlaceProps & { to: string; onLeave(): void }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const { props, around } = usePlace(place);
  return around(
    <NavLink
      {...props}
      // What the filter bar says stays; sorting and the like belong to their page.
      renderRoot={(root) => <Link {...root} to={to} search={keepView as never} onClick={onLeave} />}
      active={path === to}
      aria-current={path === to ? 'page' : undefined}
    />,
  );
}

function Links({ isFolded, onLeave }: { isFolded: boolean; onLeave(): void }) {
  const { words, names } = useSpoken();
  const { reports, may } = useSigned();
  const page = (to: string, label: string, icon: IconName) => (
    <Page key={to} {...{ to, label, icon, isFolded, onLeave }} />
  );
  return (
    <div className="navigation-links">
      <div>
        {may('reports') && page('/', words.overview, 'overview')}
        {reports.map((report) => page(`/reports/${report.name}`, titleOf(report, names), iconOf(report)))}
      </div>
      <div>
        {may('ingest') && page('/start', words.firstSteps, 'intake')}
        {may('reports') && page('/wall', words.wall, 'wall')}
        <ApiPage isFolded={isFolded} />
        <Person isFolded={isFolded} />
      </div>
    </div>
  );
}

function ApiPage({ isFolded }: { isFolded: boolean }) {
  const { words } = useSpoken();
  const { props, around } = usePlace({ isFolded, label: words.apiPage, icon: 'api' });
  return around(<NavLink {...props} component="a" href="/api/docs/" />);
}

/** Who is signed in, how the console looks and speaks, and the way out. */
function Person({ isFolded }: { isFolded: boolean }) {
  const { words, language, speak } = useSpoken();
  const { me } = useSigned();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const who = `${me.tenant.name}, ${words[`role_${me.role}`]}`;
  const { props } = usePlace({ isFolded, label: who, icon: 'person' });
  return (
    <Popover position="right-end" width={240} trapFocus returnFocus>
      <Popover.Target>
        <NavLink
          {...props}
          component="button"
          type="button"
          aria-label={`${words.signedInAs(who)}. ${words.settings}`}
          title={isFolded ? who : undefined}
          className="person"
        />
      </Popover.Target>
      <Popover.Dropdown aria-label={words.settings} className="settings">
        <Choices
          label={words.theme}
          chosen={colorScheme}
          choices={(['auto', 'light', 'dark'] as const).map((one) => ({ value: one, label: words[`theme_${one}`] }))}
          onChoose={setColorScheme}
        />
        <Choices
          label={words.languageLabel}
          chosen={language}
          choices={(Object.keys(languages) as Language[]).map((one) => ({
            value: one,
            label: languages[one].words.language,
            lang: one,
          }))}
          onChoose={speak}
        />
        <Button
          variant="default"
          size="sm"
          fullWidth
          leftSection={<Icon name="out" size={16} />}
          onClick={() => void signOut()}
        >
          {words.signOut}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

interface ChoicesProps<Value extends string> {
  label: string;
  chosen: Value;
  choices: readonly { value: Value; label: string; lang?: string }[];
  onChoose(value: Value): void;
}

/** One of some, as the browser's own radio buttons. */
const Choices = <Value extends string>({ label, chosen, choices, onChoose }: ChoicesProps<Value>) => (
  <fieldset>
    <legend>{label}</legend>
    {choices.map(({ value, label: text, lang }) => (
      <label key={value} lang={lang}>
        <input type="radio" name={label} checked={value === chosen} onChange={() => onChoose(value)} />
        {text}
      </label>
    ))}
  </fieldset>
);
