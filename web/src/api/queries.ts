/** The questions that pages ask, as TanStack Query holds them: one answer for all who ask the same. */
import { keepPreviousData, QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import type { Question } from '../question/view.ts';
import { toParams } from '../question/view.ts';
import { ApiError, askJson, toQuery } from './client.ts';
import type { Answer, Report, Row, RowsAnswer, Start } from './types.ts';

/** What holds answers. New rows make all of them old at once, so none gets old by itself. */
export const openAnswers = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        retry: (count, error) => count < 2 && !(error instanceof ApiError && error.isFinal),
      },
    },
  });

/** The question who is signed in, and what they may see; the answer is null when nobody is. */
export const startQuestion = queryOptions({
  queryKey: ['start'],
  queryFn: ({ signal }) =>
    askJson<{ data: Start }>('/api/telesales/start', { signal }).then(
      ({ data }): Start | null => data,
      (error: unknown) => {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      },
    ),
});

/** Who is signed in, and what they may see. */
export const useStart = () => useQuery(startQuestion);

/** Values of a report's own parameters. */
export type Own = Record<string, string | undefined>;

/** What a report takes of a question. */
export function takes(report: Report, name: string): boolean {
  return report.parameters.some((param) => param.name === name && !param.is_unused);
}

/** The address of a report's answer, or of what belongs to it (`/calls`, `/export`). */
export function reportUrl(
  report: Report,
  question: Question,
  { door = '', own = {} }: { door?: string; own?: Own } = {},
): string {
  const { agent_ids, ...single } = toParams(question);
  const shared = Object.fromEntries(Object.entries(single).filter(([name]) => takes(report, name)));
  const agents = takes(report, 'agent_ids[]') ? agent_ids : [];
  const query = toQuery({ ...shared, agent_ids: agents, ...own });
  return `${report.path}${door}?${query}`;
}

/** Whether a report can be asked yet: a live one wants a campaign. */
export const isAskable = (report: Report, { campaign }: Question): boolean =>
  campaign !== undefined || !report.parameters.some(({ name, required }) => name === 'campaign_id' && required);

// A live report changes as its window goes on, also when nothing comes in.
const liveEveryMs = 15_000;

/** The question for a report's rows alone: what they are made of and compared with costs as much again as they do. */
export const rowsQuestion = (report: Report, question: Question, own: Own = {}) =>
  questionFor<RowsAnswer>(report, question, own);

/** The question for a report's answer, with what it is made of, and compared with what the question says. */
export function answerQuestion(report: Report, question: Question, own: Own = {}) {
  const compare = takes(report, 'compare') ? question.compare : undefined;
  return questionFor<Answer>(report, question, { ...own, with: 'about', compare });
}

function questionFor<Found>(report: Report, question: Question, own: Own) {
  const url = reportUrl(report, question, { own });
  return queryOptions({
    queryKey: ['answer', url],
    queryFn: ({ signal }) => askJson<Found>(url, { signal }),
    enabled: isAskable(report, question),
    refetchInterval: report.over === 'now' ? liveEveryMs : false,
  });
}

/** A report's rows alone; those before stay until the next have come. */
export const useRows = (report: Report, question: Question, own: Own = {}) =>
  useQuery({ ...rowsQuestion(report, question, own), placeholderData: keepPreviousData });

/** A report's answer; the one before stays until the next has come. */
export const useAnswer = (report: Report, question: Question, own: Own = {}) =>
  useQuery({ ...answerQuestion(report, question, own), placeholderData: keepPreviousData });

/** What words and figures mean. */
export interface Definition {
  name: string;
  kind: 'word' | 'figure';
  meaning: string;
  formula: string;
  unit: string | null;
  source: string | null;
  version: string;
}

/** All definitions, by name: asked for when somebody wants to know one. */
export const useDefinitions = (enabled: boolean) =>
  useQuery({
    queryKey: ['definitions'],
    queryFn: async ({ signal }) => {
      const { data } = await askJson<{ data: Definition[] }>('/api/telesales/definitions', { signal });
      return new Map(data.map((one) => [one.name, one]));
    },
    enabled,
  });

const toNamed = (idName: string) => (row: Row) => ({ id: Number(row[idName]), name: String(row.name) });

/** The campaigns, teams or agents that may be filtered by; agents by a part of their name. */
export const useNames = (of: 'campaigns' | 'teams' | 'agents', { search = '', enabled = true } = {}) =>
  useQuery({
    queryKey: ['names', of, search],
    queryFn: async ({ signal }) => {
      const query = search ? `?${toQuery({ q: search })}` : '';
      const { data } = await askJson<{ data: Row[] }>(`/api/telesales/${of}${query}`, { signal });
      return data.map(toNamed(`${of.slice(0, -1)}_id`));
    },
    placeholderData: keepPreviousData,
    enabled,
  });
