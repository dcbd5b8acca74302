/** The choices that a report has for itself, such as the length of a bucket, beside those of the filter bar. */
import { Group, SegmentedControl } from '@mantine/core';
import type { Report } from '../api/types.ts';
import type { Question } from '../question/view.ts';
import { useSearch, useSetSearch } from '../shell/address.ts';
import type { Words } from '../words/en.ts';
import { useWords } from '../words/spoken.tsx';
import { choicesOf, ownOf } from './asked.ts';

/** Controls for the parameters of a report that are a choice of words. */
export function OwnParams({ report, question }: { report: Report; question: Question }) {
  const words = useWords();
  const search = useSearch();
  const setSearch = useSetSearch();
  const offered = choicesOf(report).filter(({ choices = [] }) => choices.length > 1);
  if (offered.length === 0) return null;
  const own = ownOf(report, question, search);
  return (
    <Group mb="sm">
      {offered.map(({ name, choices = [], default: usual, about }) => (
        <SegmentedControl
          key={name}
          size="xs"
          aria-label={about}
          data={choices.map((value) => ({ value, label: toLabel(value, words) }))}
          value={own[name] ?? usual ?? choices[0]!}
          onChange={(value) => setSearch({ [name]: value })}
        />
      ))}
    </Group>
  );
}

function toLabel(value: string, words: Words): string {
  const key = `group_${value}`;
  return key in words ? (words[key as 'group_day'] as string) : value.replaceAll('_', ' ');
}
