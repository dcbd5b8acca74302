import { expect, test } from 'vitest';
import { definitions, toDefinitions, type Word } from '../../src/engine/definitions.ts';
import { type Metric, metrics } from '../../src/engine/metrics.ts';
import { type Sql, sql } from '../../src/sql.ts';

const word = (of: Sql): Word => ({ name: 'calls.is_dial', meaning: 'A dial', sql: of });
const dials: Metric = {
  name: 'dials',
  unit: 'calls',
  meaning: 'Dials',
  formula: 'countIf(is_dial)',
  sql: sql`countIf(calls.is_dial)`,
};
const versions = (words: Word[], figures: Metric[]) => toDefinitions(words, figures).map(({ version }) => version);

test('a version stays while the formula does, and changes with it or with a word that it is made of', () => {
  const before = versions([word(sql`(calls.outcome != 1)`)], [dials]);
  expect(
    versions(
      [
        word(sql`(calls.outcome
      != 1)`),
      ],
      [{ ...dials, meaning: 'Told better' }],
    ),
  ).toEqual(before);
  const [otherWord, itsFigure] = versions([word(sql`(calls.outcome != 2)`)], [dials]);
  expect(otherWord).not.toBe(before[0]);
  expect(itsFigure).not.toBe(before[1]);
  const [sameWord, otherFigure] = versions([word(sql`(calls.outcome != 1)`)], [{ ...dials, sql: sql`count()` }]);
  expect(sameWord).toBe(before[0]);
  expect(otherFigure).not.toBe(before[1]);
});

test('every word and figure is defined once, with a formula that people can read', () => {
  const names = definitions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining(['calls.is_answer', 'leads.is_converted', ...metrics.map(({ name }) => name)]),
  );
  for (const { name, formula, meaning, version } of definitions) {
    expect(meaning, name).toMatch(/^[A-Z].*[^.]$/s);
    expect(formula, name).not.toMatch(/\n|steps\.|intDiv|\{/);
    expect(version).toMatch(/^[0-9a-f]{12}$/);
  }
  const answerRate = definitions.find(({ name }) => name === 'answer_rate_pct');
  expect(answerRate).toMatchObject({
    formula: 'answers / dials x 100',
    unit: 'percent',
    source: expect.stringMatching(/E\.411/),
  });
});
