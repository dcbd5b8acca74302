/** An address that leads to no page. */
import { Anchor, Stack, Title } from '@mantine/core';
import { useWords } from '../words/spoken.tsx';

/** Says so, and shows the way back. */
export function NotFound() {
  const words = useWords();
  return (
    <Stack align="center" p="xl">
      <Title order={1} size="h3">
        {words.notFound}
      </Title>
      <Anchor href="/">{words.toOverview}</Anchor>
    </Stack>
  );
}
