/** What an answer is made of, in words for people: in a file's title block, and below a table on a terminal. */
import type { About } from '../engine/about-schema.ts';
import { toLocalText } from './local-text.ts';

const mostBuckets = 6;

/** It as lines, label and text: how fresh it is, what is not whole yet, and whose part it is. */
export function toAboutLines(about: About): [label: string, text: string][] {
  const { data_until, has_ended, incomplete_buckets, undisposed, part, refused_rows_30_days, timezone } = about;
  const lines: [label: string, text: string | undefined][] = [
    ['Data until', toFreshness(data_until, timezone)],
    [has_ended ? 'Window ended' : 'Window still running', toEnd(about)],
    ['Incomplete', toFew(incomplete_buckets)],
    ['Not yet disposed', undisposed.map(toShare).join('; ') || undefined],
    ['Part', part ? toPart(part) : undefined],
    ['Definitions', about.definitions_version],
    ['Refused rows, 30 days', refused_rows_30_days?.toLocaleString('en')],
  ];
  return lines.flatMap(([label, text]) => (text === undefined ? [] : [[label, text]]));
}

function toFreshness({ last_call_at, taken_in_at }: About['data_until'], timezone: string): string {
  const at = (iso: string) => toLocalText(Date.parse(iso), timezone);
  const lastCall = last_call_at === null ? 'no call' : `last call ${at(last_call_at)}`;
  return taken_in_at === null ? lastCall : `${lastCall}, last taken in ${at(taken_in_at)}`;
}

const toEnd = ({ window, timezone }: About) => toLocalText(Date.parse(window.to), timezone);

function toFew(buckets: readonly string[]): string | undefined {
  if (buckets.length === 0) return undefined;
  const more = buckets.length - mostBuckets;
  return buckets.slice(0, mostBuckets).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const toShare = ({ day, handled, undisposed, pct }: About['undisposed'][number]) =>
  `${day}: ${undisposed.toLocaleString('en')} of ${handled.toLocaleString('en')} (${pct}%)`;

function toPart({ team, agent }: NonNullable<About['part']>): string {
  if (agent) return `agent ${agent.name} (${agent.agent_id})`;
  return team ? `team ${team.name} (${team.team_id})` : '';
}
