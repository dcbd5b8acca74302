/** The column of navigation: the overview, every report that may be seen, and what is around them. */
import { ActionIcon, Drawer, NavLink, Stack, useMantineColorScheme } from '@mantine/core';
import { useDisclosure, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { askJson } from '../api/client.ts';
import { type Language, languages, useSpoken } from '../words/spoken.tsx';
import { titleOf } from '../words/titles.ts';
import { Icon, iconOf } from './icons.tsx';
import { Mark } from './Mark.tsx';
import { useSigned } from './signed-in.tsx';

/** The navigation: a column, folded to icons where somebody wants the room, a drawer on a phone. */
export function Navigation() {
  const { words } = useSpoken();
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const [isOpen, { open, close }] = useDisclosure(false);
  const [isFolded, setFolded] = useLocalStorage({ key: 'dialtally.navigation', defaultValue: false });
  if (isNarrow) {
    return (
      <header className="phone-head">
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={words.openNavigation} onClick={open}>
          <Icon name="menu" />
        </ActionIcon>
        <Mark />
        <Drawer
          opened={isOpen}
          onClose={close}
          size={260}
          title={<Mark />}
          closeButtonProps={{ 'aria-label': words.close }}
        >
          <nav aria-label={words.navigation}>
            <Links isFolded={false} onLeave={close} />
          </nav>
        </Drawer>
      </header>
    );
  }
  return (
    <nav className="navigation" data-folded={isFolded || undefined} aria-label={words.navigation}>
      <div className="navigation-head">
        <Mark isSmall={isFolded} />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={isFolded ? words.openNavigation : words.foldNavigation}
          aria-expanded={!isFolded}
          onClick={() => setFolded(!isFolded)}
        >
          <Icon name={isFolded ? 'unfold' : 'fold'} />
        </ActionIcon>
      </div>
      <Links isFolded={isFolded} onLeave={() => {}} />
    </nav>
  );
}

function Links({ isFolded, onLeave }: { isFolded: boolean; onLeave(): void }) {
  const { words, names } = useSpoken();
  const { reports, may } = useSigned();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const link = (to: string, label: string, icon: React.ReactNode) => (
    <NavLink
      key={to}
      // What the filter bar says stays; sorting and the like belong to their page.
      renderRoot={(props) => <Link {...props} to={to} search={keepView as never} onClick={onLeave} />}
      active={path === to}
      aria-current={path === to ? 'page' : undefined}
      label={isFolded ? undefined : label}
      aria-label={label}
      title={isFolded ? label : undefined}
      leftSection={icon}
    />
  );
  return (
    <Stack gap={0} justify="space-between" className="navigation-links">
      <div>
        {link('/', words.overview, <Icon name="overview" />)}
        {reports.map((report) =>
          link(`/reports/${report.name}`, titleOf(report, names), <Icon name={iconOf(report)} />),
        )}
      </div>
      <div>
        {may('ingest') && link('/start', words.firstSteps, <Icon name="intake" />)}
        {link('/wall', words.wall, <Icon name="wall" />)}
        <NavLink
          component="a"
          href="/api/docs/"
          label={isFolded ? undefined : words.apiPage}
          aria-label={words.apiPage}
          leftSection={<Icon name="api" />}
        />
        <Person isFolded={isFolded} />
      </div>
    </Stack>
  );
}

const viewNames = new Set(['range', 'campaign', 'team', 'agents', 'zone', 'compare']);
const keepView = (search: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(search).filter(([name]) => viewNames.has(name)));

/** Who is signed in, how the console looks and speaks, and the way out. */
function Person({ isFolded }: { isFolded: boolean }) {
  const { words, language, speak } = useSpoken();
  const { me } = useSigned();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const answers = useQueryClient();
  const signOut = async () => {
    await askJson('/api/telesales/session', { method: 'DELETE' }).catch(() => {});
    answers.clear();
    location.assign('/sign-in');
  };
  const next = { auto: 'light', light: 'dark', dark: 'auto' } as const;
  const other: Language = language === 'en' ? 'vi' : 'en';
  const label = (text: string) => (isFolded ? undefined : text);
  const theme = `${words.theme}: ${words[`theme_${colorScheme}`]}`;
  return (
    <>
      <NavLink
        component="button"
        label={label(theme)}
        aria-label={theme}
        leftSection={<Icon name="theme" />}
        onClick={() => setColorScheme(next[colorScheme])}
      />
      <NavLink
        component="button"
        label={label(languages[other].words.language)}
        aria-label={languages[other].words.language}
        lang={other}
        leftSection={<Icon name="language" />}
        onClick={() => speak(other)}
      />
      <NavLink
        component="button"
        label={label(words.signOut)}
        aria-label={words.signOut}
        description={label(`${me.tenant.name}, ${words[`role_${me.role}`]}`)}
        leftSection={<Icon name="out" />}
        onClick={() => void signOut()}
      />
    </>
  );
}
