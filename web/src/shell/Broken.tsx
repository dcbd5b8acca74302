/** What is shown in the place of numbers that did not come: what failed, and what to do. */
import { Button, Text } from '@mantine/core';
import { ApiError, Unreachable } from '../api/client.ts';
import { type useSpoken, useWords } from '../words/spoken.tsx';
import { useClearFilters } from './address.ts';
import { Icon } from './icons.tsx';

type Words = ReturnType<typeof useSpoken>['words'];

/** What may be done about a failure, and how it is called. */
function judge(error: unknown, words: Words) {
  if (error instanceof Unreachable) return { title: words.unreachable, about: words.brokenAbout, helps: 'waiting' };
  if (!(error instanceof ApiError)) return { title: words.broken, about: words.brokenAbout, helps: 'waiting' };
  if (error.status === 403) return { title: words.refused, about: words.refusedAbout, helps: 'asking' };
  if (error.status === 429) return { title: words.busy, about: words.busyAbout, helps: 'waiting' };
  if (error.isFinal) return { title: words.notAnswerable, about: words.notAnswerableAbout, helps: 'asking' };
  return { title: words.broken, about: words.brokenAbout, helps: 'waiting' };
}

/** Says what failed, in the API's own words. */
export function Broken({ error, onAgain }: { error: unknown; onAgain?: (() => void) | undefined }) {
  const words = useWords();
  const clear = useClearFilters();
  const { title, about, helps } = judge(error, words);
  const faults = error instanceof ApiError ? Object.values(error.errors).flat() : [];
  const said = error instanceof Unreachable ? [] : [(error as Error).message, ...faults];
  return (
    <div className="broken" data-quiet={helps === 'asking' || undefined} role="alert">
      <Icon name="warning" size={20} />
      <div>
        <Text fw={600}>{title}</Text>
        {said.map((text) => (
          <Text key={text} size="sm" lang="en" className="broken-said">
            {text}
          </Text>
        ))}
        <Text size="sm" className="dimmed">
          {about}
        </Text>
        <div className="broken-acts">
          {onAgain && helps === 'waiting' && (
            <Button size="xs" variant="default" onClick={onAgain}>
              {words.again}
            </Button>
          )}
          {clear && helps === 'asking' && (
            <Button size="xs" variant="default" onClick={clear}>
              {words.clearFilters}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
