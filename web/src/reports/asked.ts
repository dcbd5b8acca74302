/** What each page asks: also before the page itself is there, so that its numbers are on their way while it loads. */
import type { QueryClient } from '@tanstack/react-query';
import { answerQuestion, isAskable, type Own, rowsQuestion, startQuestion } from '../api/queries.ts';
import type { Report, Start } from '../api/types.ts';
import { dateIn, daysBetween } from '../question/dates.ts';
import { type Question, readView, toQuestion } from '../question/view.ts';
import type { Search } from '../shell/address.ts';

/** The reports of the overview below its tiles, and how wide each is. */
export const cards = [
  ['time-series', 'whole'],
  ['funnel', 'half'],
  ['disposition-breakdown', 'half'],
  ['hour-dow-heatmap', 'half'],
  ['abandon-rate', 'half'],
] as const;

/** Of these the overview shows what they are compared with; of the others their rows, and their pages tell the rest. */
export const isCompared = ({ name }: Report): boolean => name === tiled || name === 'time-series';

/** The report whose figures are the overview's tiles. */
export const tiled = 'dashboard';

/** The reports that the overview shows, the one of its tiles first. */
export const onOverview = (reports: readonly Report[]): Report[] =>
  [tiled, ...cards.map(([name]) => name)].flatMap((name) => reports.find((one) => one.name === name) ?? []);

/** What a report's own page asks beside what is declared. */
const fixed: Record<string, Own> = {
  'caller-id-health': { trend: '1' },
  'abandon-rate': { history: '1', breaches_days: '30' },
};

// Choices that are not the report's own: the comparison is the filter bar's, the rest says what the answer looks like.
const shared = new Set(['compare', 'format', 'with[]']);

/** The parameters of a report that are a choice of words. */
export const choicesOf = (report: Report) =>
  report.parameters.filter(({ name, choices, is_unused }) => choices && !is_unused && !shared.has(name));

/** The report's own parameters: choices as the address says them, and what has one choice alone is chosen (quiet days, too). */
export function ownOf(report: Report, question: Question, search: Search): Own {
  const given = choicesOf(report).map(({ name, choices = [] }) => {
    const wanted = search[name];
    if (choices.length === 1) return [name, choices[0]];
    return [name, wanted && choices.includes(wanted) ? wanted : usualChoice(choices, question)];
  });
  return Object.fromEntries(given);
}

/** One day is looked at by its hours; all else is as the report has it. */
export const usualChoice = (choices: readonly string[], { dates }: Question): string | undefined =>
  choices.includes('hour') && daysBetween(dates.from, dates.to) === 1 ? 'hour' : undefined;

/** What the page of a report asks. */
export const ownOfPage = (report: Report, question: Question, search: Search): Own => ({
  ...ownOf(report, question, search),
  ...(Object.hasOwn(fixed, report.name) && fixed[report.name]),
});

/** The campaign of a live report on the overview: the filter bar's, else the one chosen there, else the first that runs. */
export const liveCampaign = (question: Question, search: Search, { running_campaign_id }: Start): number | undefined =>
  question.campaign ?? (Number(search.live) || running_campaign_id || undefined);

type Ask = (answers: QueryClient) => void;
type Asks = (start: Start, question: Question, search: Search) => Ask[];

/** What the overview asks. */
export const asksOfOverview: Asks = (start, question, search) =>
  onOverview(start.reports).flatMap((report) => {
    const campaign = report.over === 'now' ? liveCampaign(question, search, start) : question.campaign;
    const asked = { ...question, campaign };
    if (!isAskable(report, asked)) return [];
    const own = ownOf(report, question, search);
    if (isCompared(report)) return [(answers) => void answers.prefetchQuery(answerQuestion(report, asked, own))];
    return [(answers) => void answers.prefetchQuery(rowsQuestion(report, asked, own))];
  });

/** What the page of a report asks. */
export const asksOfReport =
  (name: string): Asks =>
  ({ reports }, question, search) => {
    const report = reports.find((one) => one.name === name);
    if (!report || !isAskable(report, question)) return [];
    const asked = answerQuestion(report, question, ownOfPage(report, question, search));
    return [(answers) => void answers.prefetchQuery(asked)];
  };

/** Asks ahead, and waits for nothing: the page says what failed. */
export function askAhead(answers: QueryClient, search: Search, asks: Asks): void {
  void answers.ensureQueryData(startQuestion).then(
    (start) => {
      if (!start) return;
      const { timezone } = start.me.tenant;
      const view = readView(search);
      const question = toQuestion(view, timezone, dateIn(view.zone ?? timezone, Date.now()));
      for (const ask of asks(start, question, search)) ask(answers);
    },
    () => undefined,
  );
}
