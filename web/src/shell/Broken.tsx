/** What is shown in the place of numbers that did not come: what failed, and what to do. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { ApiError, Unreachable } from '../api/client.ts';
import { useWords } from '../words/spoken.tsx';

/** Says what failed in the API's own words. */
export function Broken({ error, onAgain }: { error: unknown; onAgain?: (() => void) | undefined }) {
  const words = useWords();
  const isRefused = error instanceof ApiError && error.status === 403;
  const title = isRefused ? words.refused : error instanceof Unreachable ? words.unreachable : words.broken;
  const fields = error instanceof ApiError ? Object.values(error.errors).flat() : [];
  return (
    <Alert color={isRefused ? 'gray' : 'red'} title={title} role="alert" m="md">
      <Text size="sm">{(error as Error).message}</Text>
      {fields.map((fault) => (
        <Text key={fault} size="sm">
          {fault}
        </Text>
      ))}
      <Text size="sm" c="dimmed" mt="xs">
        {isRefused ? words.refusedAbout : words.brokenAbout}
      </Text>
      {onAgain && !isRefused && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onAgain}>
            {words.again}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
