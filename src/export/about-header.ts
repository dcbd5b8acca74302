/** What a file is made of, as one header: JSON that passes through every proxy on the way. */
import type { About } from '../engine/about-schema.ts';

/** What a header has of long lists: how many there are beyond those that it names. */
interface Shortened {
  more_agents?: number;
  more_incomplete_buckets?: number;
}

// With the other headers it stays below the smallest limits of proxies.
const mostBytes = 3500;

/** How much of each list, and of each name, is left: the first of these that is short enough. */
const lengths = [
  { items: Number.POSITIVE_INFINITY, characters: Number.POSITIVE_INFINITY },
  { items: 20, characters: 60 },
  { items: 8, characters: 24 },
  { items: 0, characters: 8 },
];

/** It as JSON in ASCII, other characters as `\uXXXX`. Of what would be too long, lists become a number and names are cut. */
export function toAboutHeader(about: About): string {
  const texts = lengths.map((length) => toAscii(JSON.stringify(shorten(about, length))));
  return texts.find((text) => text.length <= mostBytes) ?? texts.at(-1) ?? '';
}

function shorten(about: About, length: { items: number; characters: number }): About & Shortened {
  const { filters, incomplete_buckets: buckets } = about;
  const moreAgents = (filters.agents?.length ?? 0) - length.items;
  const moreBuckets = buckets.length - length.items;
  const kept = {
    ...about,
    filters: { ...filters, ...(filters.agents && { agents: filters.agents.slice(0, length.items) }) },
    incomplete_buckets: buckets.slice(0, length.items),
  };
  return {
    ...(cutNames(kept, length.characters) as About),
    ...(moreAgents > 0 && { more_agents: moreAgents }),
    ...(moreBuckets > 0 && { more_incomplete_buckets: moreBuckets }),
  };
}

function cutNames(value: unknown, characters: number): unknown {
  if (Array.isArray(value)) return value.map((item) => cutNames(item, characters));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'name' ? cut(String(item), characters) : cutNames(item, characters),
    ]),
  );
}

function cut(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters).join('')}\u2026`;
}

function toAscii(json: string): string {
  return json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
