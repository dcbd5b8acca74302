/** Which calls or leads stand behind a figure: how each report's plain computation says it, and what tells them apart. */
import { type LeadStory, leadsInWindow } from './leads.ts';
import { passes, type Question, windowed } from './questions.ts';
import type { Call } from './tenant.ts';
import { byBytes } from './values.ts';

/** A figure: the key of its row, and its column. */
export interface Figure {
  key: Record<string, string | number>;
  column: string;
}

/** The part of a tenant that a token may see: one team, one agent, or all. */
export interface Part {
  team: number | null;
  agent: number | null;
}

/** Picks what a figure of one report counts; of what lies beyond the question's filters what the part has. */
export type PickBehind = (question: Question, figure: Figure, part: Part) => Call[] | LeadStory[];

type Kinds<T> = Record<string, (item: T) => boolean>;

/** What is known under a word. */
export function known<T>(choices: Record<string, T>, word: string): T {
  const found = choices[word];
  if (found === undefined) throw new Error(`nothing is known of ${word}`);
  return found;
}

/** Of the calls in the window and within the filters those of a row, of the kind that a column counts. */
export function callsBehind(
  columns: Kinds<Call>,
  isOfRow: (call: Call, key: Figure['key'], question: Question) => boolean,
): PickBehind {
  return (question, { key, column }) =>
    windowed(question).calls.filter((call) => known(columns, column)(call) && isOfRow(call, key, question));
}

/** Of the leads of the window those of a row that a column counts. */
export function leadsBehind(isCounted: (lead: LeadStory, figure: Figure) => boolean): PickBehind {
  return (question, figure) => leadsInWindow(windowed(question)).filter((lead) => isCounted(lead, figure));
}

/** Whether a lead has a dial of a kind. */
export const withDial = (kind: (call: Call) => boolean) => (lead: LeadStory) => lead.dials.some(kind);

/** Whether a call is of a part. */
export const isOfPart = (call: Call, { team, agent }: Part) =>
  passes(call, { campaign: null, team, agents: agent === null ? null : new Set([agent]) });

/** What tells each from all others, as texts: calls in the order of their start, campaign and id, leads in that of theirs. */
export function idsOf(found: readonly (Call | LeadStory)[]): string[] {
  return found
    .map((one): [number, number, string] => ('at' in one ? [one.at, one.campaign, one.id] : [one.id, 0, '']))
    .sort((a, b) => a[0] - b[0] || a[1] - b[1] || byBytes(a[2], b[2]))
    .map((id) => JSON.stringify(id));
}
