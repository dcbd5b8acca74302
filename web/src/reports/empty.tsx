/** What is shown where there are no numbers: why, and what to do. */
import { Button, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { About } from '../api/types.ts';
import { dateIn } from '../question/dates.ts';
import { useView } from '../shell/address.ts';
import { useSigned } from '../shell/signed-in.tsx';
import { useSpoken, useWords } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';

/** No calls in this window, or none at all. */
export function EmptyWindow({ about: { data_until, timezone } }: { about: About }) {
  const { words, language } = useSpoken();
  const { may } = useSigned();
  const { view, setView } = useView();
  const writing = openWriting(language);
  const last = data_until.last_call_at;
  if (last === null) {
    return (
      <Stack align="center" py={60} gap="xs">
        <Title order={2} size="h4">
          {words.emptyTenant}
        </Title>
        <Text c="dimmed">{words.emptyTenantAbout}</Text>
        {may('ingest') && (
          <Button renderRoot={(props) => <Link {...props} to="/start" />} mt="sm">
            {words.firstSteps}
          </Button>
        )}
      </Stack>
    );
  }
  const day = dateIn(timezone, Date.parse(last));
  return (
    <Stack align="center" py={60} gap="xs">
      <Title order={2} size="h4">
        {words.emptyWindow}
      </Title>
      <Text c="dimmed">{words.emptyWindowAbout(writing.instant(last, timezone))}</Text>
      <Button variant="default" mt="sm" onClick={() => setView({ ...view, range: `${day}..${day}` })}>
        {words.showThatDay(writing.date(day, 'long'))}
      </Button>
    </Stack>
  );
}

/** A report that is about one campaign, and none is chosen. */
export function ChooseCampaign() {
  const words = useWords();
  return (
    <Stack align="center" py={60} gap="xs">
      <Title order={2} size="h4">
        {words.chooseCampaign}
      </Title>
      <Text c="dimmed">{words.chooseCampaignAbout}</Text>
    </Stack>
  );
}
