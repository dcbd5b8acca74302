import { createHash } from 'node:crypto';
import { sql } from '../sql.ts';
import { type Metric, metrics } from './metrics.ts';
import { type Given, type RelationColumn, relations } from './relations.ts';
import { openScope } from './scope.ts';
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

/** What a word of one call or lead is made by; `whole` has everything that it depends on. */
export interface Word {
  name: string;
  meaning: string;
  formula: string;
  whole?: string;
}

/** Every word of one call or lead, by its relation's name for it, and every figure over many. */
export const definitions: readonly Definition[] = toDefinitions(listWords(), metrics);

/** Words and figures with versions: a figure's follows those of its words. */
export function toDefinitions(words: readonly Word[], figures: readonly Metric[]): Definition[] {
  const defined = words.map(toWord);
  const versions = new Map(defined.map(({ name, version }) => [name, version]));
  return [...defined, ...figures.map((figure) => toFigure(figure, versions))];
}

function listWords(): Word[] {
  const given: Given = { agents: sql`agents`, dispositions: sql`dispositions`, settings: defaultSettings };
  const span = { tenantId: 1, window: { from: 0, to: 1 }, filters: {}, settings: defaultSettings };
  const wordsOf = (relation: 'calls' | 'leads', whole = '') =>
    Object.entries<RelationColumn>(relations[relation].columns).flatMap(([column, { meaning, sql: make }]) => {
      const formula = (typeof make === 'function' ? make(given) : make)?.text;
      // What is only carried along is no word.
      return formula === undefined || formula === `steps.${column}`
        ? []
        : [{ name: `${relation}.${column}`, meaning, formula, whole: formula + whole }];
    });
  // How far a lead came is made in several steps, so that all of them belong to its formula.
  return [...wordsOf('calls'), ...wordsOf('leads', openScope(span).leads.text)];
}

function toWord({ name, meaning, formula, whole = formula }: Word): Definition {
  return {
    name,
    kind: 'word',
    meaning,
    formula: toPlain(formula),
    unit: null,
    source: null,
    version: versionOf(whole),
  };
}

function toFigure({ name, unit, meaning, formula, source, sql }: Metric, versions: Map<string, string>): Definition {
  const whole = sql.text.replaceAll(/\b(?:calls|leads)\.\w+/g, (word) => versions.get(word) ?? word);
  return { name, kind: 'figure', meaning, formula, unit, source: source ?? null, version: versionOf(whole) };
}

/** SQL as people read a formula: on one line, without the relation's name and the outer brackets. */
function toPlain(formula: string): string {
  const line = formula.replaceAll(/\b(?:calls|steps)\./g, '').replaceAll(/\s+/g, ' ');
  return line.replace(/^\((.*)\)$/, '$1');
}

function versionOf(formula: string): string {
  return createHash('sha256').update(formula.replaceAll(/\s+/g, ' ')).digest('hex').slice(0, 12);
}
