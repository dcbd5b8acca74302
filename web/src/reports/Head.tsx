/** The head of a page: its question, and in one line of words what is shown, compared with what, and until when there is data. */
import { Group, Text, Title } from '@mantine/core';
import type { About, Answer, Report } from '../api/types.ts';
import { dateIn } from '../question/dates.ts';
import type { Question } from '../question/view.ts';
import { LiveSign } from '../shell/liveness.tsx';
import type { Words } from '../words/en.ts';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting, type Writing } from '../words/writing.ts';

interface HeadProps {
  title: string;
  /** Undefined of a page that is of many. */
  report?: Report;
  question: Question;
  answer: Answer | undefined;
  children?: React.ReactNode;
}

/** The head of a page. */
export function Head({ title, report, question, answer, children }: HeadProps) {
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  const about = answer?.about;
  return (
    <header className="head">
      <Group justify="space-between" align="start" gap="sm" wrap="nowrap">
        <div className="head-words">
          <div className="head-title">
            <Title order={1} size="h3">
              {title}
            </Title>
            <LiveSign zone={question.zone} />
          </div>
          <Text size="sm" c="dimmed" className="said">
            {about ? (
              <>
                <bdi>{toSentence(about, answer, question, { words, writing, isLive: report?.over === 'now' })}</bdi>{' '}
                <span className="as-of">
                  {words.asOf(writing.clock(about.computed_at, zoneOf(about, question, report?.over === 'now')))}.
                </span>
              </>
            ) : (
              '\u00a0'
            )}
          </Text>
        </div>
        {children && <div className="head-tools">{children}</div>}
      </Group>
      <Late about={about} writing={writing} />
    </header>
  );
}

interface Telling {
  words: Words;
  writing: Writing;
  isLive: boolean;
}

/** What is shown, in words. */
function toSentence(
  about: About,
  { comparison }: Answer,
  question: Question,
  { words, writing, isLive }: Telling,
): string {
  const { filters, part, window, has_ended } = about;
  const zone = zoneOf(about, question, isLive);
  const lastDate = (iso: string) => dateIn(zone, Date.parse(iso) - 1);
  const span = ({ from, to }: { from: string; to: string }) =>
    isLive ? toMoments(from, to, zone, writing) : writing.span(dateIn(zone, Date.parse(from)), lastDate(to));
  const other = comparison && question.compare ? comparison.window : undefined;
  const parts = [
    filters.campaign?.name ?? words.allCampaigns,
    part?.team?.name ?? filters.team?.name,
    part?.agent?.name,
    filters.agents && filters.agents.length > 0 ? toNames(filters.agents, words) : undefined,
    has_ended || isLive ? span(window) : `${span(window)} (${words.stillRuns})`,
    zone,
    other && words.against(span(other.whole ?? other)),
    other?.whole ? words.untilSameTime : undefined,
  ];
  return `${parts.filter(Boolean).join(', ')}. ${toUntil(about, zone, { words, writing })}.`;
}

/** A live report has no days, and so no zone of its own: instants are written by the clocks of the filter bar's. */
const zoneOf = ({ timezone }: About, question: Question, isLive: boolean): string =>
  isLive ? question.zone : timezone;

/** Two instants: the day is said once, where it is one. */
function toMoments(from: string, to: string, zone: string, writing: Writing): string {
  const isOneDay = dateIn(zone, Date.parse(from)) === dateIn(zone, Date.parse(to));
  return `${writing.instant(from, zone)} – ${isOneDay ? writing.clock(to, zone) : writing.instant(to, zone)}`;
}

/** Until when there is data: the clock alone, when that was today. */
function toUntil(
  { data_until, computed_at }: About,
  zone: string,
  { words, writing }: Omit<Telling, 'isLive'>,
): string {
  const last = data_until.last_call_at;
  if (last === null) return words.noDataYet;
  const isToday = dateIn(zone, Date.parse(last)) === dateIn(zone, Date.parse(computed_at));
  return words.dataUntil(isToday ? writing.clock(last, zone) : writing.instant(last, zone));
}

function toNames(agents: readonly { name: string }[], words: Words): string {
  return agents.length <= 2 ? agents.map(({ name }) => name).join(', ') : words.someAgents(agents.length);
}

/** What makes the newest numbers look worse than they are. */
function Late({ about, writing }: { about: About | undefined; writing: Writing }) {
  const { words } = useSpoken();
  const worst = about?.undisposed.find(({ pct }) => pct >= 10);
  const refused = about?.refused_rows_30_days ?? 0;
  if (!worst && refused === 0) return null;
  return (
    <Text size="xs" c="dimmed" className="late">
      {worst && words.undisposed(writing.percent(worst.pct, 0), writing.date(worst.day))}{' '}
      {refused > 0 && words.refusedRows(writing.number(refused))}
    </Text>
  );
}
