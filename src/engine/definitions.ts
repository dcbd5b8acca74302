/** The glossary: what every word and figure means, with its formula and a version that changes when the formula does. */
import { createHash } from 'node:crypto';
import { type Sql, sql } from '../sql.ts';
import { type Metric, metrics } from './metrics.ts';
import { type Given, leadSteps, type RelationColumn, relations } from './relations.ts';
import { defaultSettings } from './settings.ts';
import type { Unit } from './units.ts';

/** What a word or a figure means. */
export interface Definition {
  name: string;
  /** A word says something of one call or lead, a figure of many. */
  kind: 'word' | 'figure';
  /** One sentence. */
  meaning: string;
  formula: string;
  unit: Unit | null;
  /** Where the formula comes from, when it is a known one. */
  source: string | null;
  /** Another one whenever its formula is, or that of anything that it is made of. */
  version: string;
}

/** A word of one call or lead, and the SQL that it stands for. */
export interface Word {
  name: string;
  meaning: string;
  sql: Sql;
  /** What people read instead of it. */
  formula?: string | undefined;
}

/** Every word of one call or lead, by its relation's name for it, and every figure over many. */
export const definitions: readonly Definition[] = toDefinitions(listWords(), metrics);

/** The version of all definitions together: another one whenever any of them is, or has another name. */
export const definitionsVersion: string = digest(
  definitions.map(({ name, version }) => `${name} ${version}`).join('\n'),
);

/** Words and figures with versions: each follows those of the words that it is made of, which stand before it. */
export function toDefinitions(words: readonly Word[], figures: readonly Metric[]): Definition[] {
  const versions = new Map<string, string>();
  const versionOf = ({ text }: Sql) => {
    const made = text.replaceAll(/\b(?:calls|leads)\.\w+/g, (word) => versions.get(word) ?? word);
    return digest(made.replaceAll(/\s+/g, ' '));
  };
  const defined = words.map(({ name, meaning, sql, formula = toPlain(sql) }): Definition => {
    const version = versionOf(sql);
    versions.set(name, version);
    return { name, kind: 'word', meaning, formula, unit: null, source: null, version };
  });
  return [
    ...defined,
    ...figures.map(({ name, meaning, formula, unit, source = null, sql }): Definition => {
      return { name, kind: 'figure', meaning, formula, unit, source, version: versionOf(sql) };
    }),
  ];
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function listWords(): Word[] {
  const given: Given = { agents: sql`agents`, dispositions: sql`dispositions`, settings: defaultSettings };
  const ofCalls = Object.entries<RelationColumn>(relations.calls.columns).flatMap(
    ([column, { meaning, formula, sql: made }]) =>
      made ? [{ name: `calls.${column}`, meaning, formula, sql: typeof made === 'function' ? made(given) : made }] : [],
  );
  const ofLeads = Object.entries(leadSteps).map(([step, ofDial]) => ({
    name: `leads.${step}`,
    meaning: relations.leads.columns[step as keyof typeof leadSteps].meaning,
    sql: sql`max(${ofDial})`,
  }));
  return [...ofCalls, ...ofLeads];
}

/** SQL as people read a formula: on one line, settings by their names, without the table's name and the outer brackets. */
function toPlain({ text }: Sql): string {
  const line = text
    .replaceAll(/\bcalls\./g, '')
    .replaceAll(/\{(\w+):\w+\}/g, '$1')
    .replaceAll(/\s+/g, ' ');
  return line.replace(/^\((.*)\)$/, '$1');
}
