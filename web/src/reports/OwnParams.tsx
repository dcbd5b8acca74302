/** The choices that a report has for itself, such as the length of a bucket, beside those of the filter bar. */
import { Group, SegmentedControl } from '@mantine/core';
import type { Report } from '../api/types.ts';
import { useSearch, useSetSearch } from '../shell/address.ts';
import type { Words } from '../words/en.ts';
import { useWords } from '../words/spoken.tsx';

/** Controls for the parameters of a report that are a choice of words. */
export function OwnParams({ report }: { report: Report }) {
  const words = useWords();
  const search = useSearch();
  const setSearch = useSetSearch();
  const own = report.parameters.filter(
    ({ name, choices = [], is_unused }) => choices.length > 1 && !is_unused && name !== 'format',
  );
  if (own.length === 0) return null;
  return (
    <Group mb="sm">
      {own.map(({ name, choices = [], default: usual, about }) => (
        <SegmentedControl
          key={name}
          size="xs"
          aria-label={about}
          data={choices.map((value) => ({ value, label: toLabel(value, words) }))}
          value={search[name] ?? usual ?? choices[0]!}
          onChange={(value) => setSearch({ [name]: value === usual ? undefined : value })}
        />
      ))}
    </Group>
  );
}

function toLabel(value: string, words: Words): string {
  const key = `group_${value}`;
  return key in words ? (words[key as 'group_day'] as string) : value;
}
