/** Says that numbers are not of now any more: since when, why, and what to do. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { useView } from '../shell/address.ts';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';

/** The sentence, above the numbers that it is about. */
export function Stale({ at, error, onAgain }: { at: number; error: Error; onAgain(): void }) {
  const { words, language } = useSpoken();
  const { question } = useView();
  const since = openWriting(language).clock(new Date(at).toISOString(), question.zone);
  return (
    <Alert color="orange" variant="light" mb="sm" role="alert" title={words.stale(since)}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{error.message}</Text>
        <Button size="xs" variant="default" onClick={onAgain}>
          {words.again}
        </Button>
      </Group>
    </Alert>
  );
}
