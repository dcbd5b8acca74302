/** What is shown where there are no numbers: why, and what to do. */
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { About } from '../api/types.ts';
import { dateIn } from '../question/dates.ts';
import { withoutFilters } from '../question/view.ts';
import { useView } from '../shell/address.ts';
import { useSigned } from '../shell/signed-in.tsx';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';

/** No calls in this window, or none at all. */
export function EmptyWindow({ about: { data_until, timezone, filters } }: { about: About }) {
  const { words, language } = useSpoken();
  const { may } = useSigned();
  const { view, question, setView } = useView();
  const writing = openWriting(language);
  const last = data_until.last_call_at;
  const isFiltered = Boolean(filters.campaign ?? filters.team ?? filters.agents);
  if (last === null && !isFiltered) {
    return (
      <Empty title={words.emptyTenant} about={words.emptyTenantAbout}>
        {may('ingest') && <Button renderRoot={(props) => <Link {...props} to="/start" />}>{words.firstSteps}</Button>}
      </Empty>
    );
  }
  const day = last === null ? undefined : dateIn(timezone, Date.parse(last));
  // A report may have nothing to say of the day of the last call.
  const isShown = day !== undefined && question.dates.from <= day && day <= question.dates.to;
  return (
    <Empty
      title={words.emptyWindow}
      about={last === null ? words.noDataYet : words.emptyWindowAbout(writing.instant(last, timezone))}
    >
      {day && !isShown && (
        <Button variant="default" onClick={() => setView({ ...view, range: `${day}..${day}` })}>
          {words.showThatDay(writing.date(day, 'long'))}
        </Button>
      )}
      {isFiltered && (
        <Button variant="default" onClick={() => setView(withoutFilters(view))}>
          {words.clearFilters}
        </Button>
      )}
    </Empty>
  );
}

/** A place without numbers. */
export const Empty = ({ title, about, children }: { title: string; about: string; children?: React.ReactNode }) => (
  <Stack align="center" py={60} gap="xs" className="empty">
    <Title order={2} size="h4">
      {title}
    </Title>
    <Text c="dimmed" ta="center">
      {about}
    </Text>
    <Group mt="sm" justify="center">
      {children}
    </Group>
  </Stack>
);
