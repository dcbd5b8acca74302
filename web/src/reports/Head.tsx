/** The head of a page: its question, and in one line of words what is shown, compared with what, and until when there is data. */
import { Group, Text, Title } from '@mantine/core';
import type { About, Answer } from '../api/types.ts';
import { dateIn } from '../question/dates.ts';
import type { Question } from '../question/view.ts';
import { LiveSign } from '../shell/liveness.tsx';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting, type Writing } from '../words/writing.ts';

/** The head of a page. */
export function Head({
  title,
  question,
  answer,
  children,
}: {
  title: string;
  question: Question;
  answer: Answer | undefined;
  children?: React.ReactNode;
}) {
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  const about = answer?.about;
  return (
    <header className="head">
      <Group justify="space-between" align="start" gap="sm">
        <div>
          <div className="head-title">
            <Title order={1} size="h3">
              {title}
            </Title>
            <LiveSign zone={question.zone} />
          </div>
          <Text size="sm" c="dimmed" className="said">
            {about ? toSentence(about, answer, question, { words, writing }) : '\u00a0'}
          </Text>
        </div>
        {children}
      </Group>
      {about && <Late about={about} writing={writing} />}
    </header>
  );
}

/** What is shown, in words. */
function toSentence(
  { filters, part, window, timezone, data_until, has_ended, computed_at }: About,
  { comparison }: Answer,
  question: Question,
  { words, writing }: { words: ReturnType<typeof useSpoken>['words']; writing: Writing },
): string {
  const zone = timezone;
  const lastDate = (iso: string) => dateIn(zone, Date.parse(iso) - 1);
  const span = (from: string, to: string) => writing.span(dateIn(zone, Date.parse(from)), lastDate(to));
  const who = [
    filters.campaign?.name ?? words.allCampaigns,
    part?.team?.name ?? filters.team?.name,
    part?.agent?.name,
    filters.agents && filters.agents.length > 0 ? toNames(filters.agents, words) : undefined,
  ];
  const clock = data_until.last_call_at;
  const until = clock === null ? words.noDataYet : words.dataUntil(writing.clock(clock, zone));
  const isToday = clock !== null && dateIn(zone, Date.parse(clock)) === dateIn(zone, Date.parse(computed_at));
  const when = clock === null || isToday ? until : words.dataUntil(writing.instant(clock, zone));
  const parts = [
    ...who,
    span(window.from, window.to),
    zone,
    comparison && question.compare
      ? words.against(span(comparison.window.from, comparison.window.whole?.to ?? comparison.window.to))
      : undefined,
    has_ended ? undefined : words.stillRuns,
  ];
  return `${parts.filter(Boolean).join(', ')}. ${when}.`;
}

function toNames(agents: readonly { name: string }[], words: ReturnType<typeof useSpoken>['words']): string {
  return agents.length <= 2 ? agents.map(({ name }) => name).join(', ') : words.someAgents(agents.length);
}

/** What makes the newest numbers look worse than they are. */
function Late({
  about: { undisposed, refused_rows_30_days: refused = 0, timezone },
  writing,
}: {
  about: About;
  writing: Writing;
}) {
  const { words } = useSpoken();
  const worst = undisposed.find(({ pct }) => pct >= 10);
  if (!worst && refused === 0) return null;
  return (
    <Text size="xs" c="dimmed" data-zone={timezone}>
      {worst && words.undisposed(writing.percent(worst.pct, 0), writing.date(worst.day))}{' '}
      {refused > 0 && words.refusedRows(writing.number(refused))}
    </Text>
  );
}
