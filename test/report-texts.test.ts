import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readTexts, withoutComments } from './sql-texts.ts';
import { allowedFunctions } from './wall.ts';

// The wall asks the engine about every statement that a question makes. What a report would ask on another day, of other
// rows, settings or numbers, is read here: each piece of SQL that reports are written in, whether it runs or not.

const src = fileURLToPath(new URL('../src/', import.meta.url));
/** What opens the doors, and the list of what they hand out: pieces that name tables. */
const doors = ['scope.ts', 'relations.ts', 'team.ts', 'lists.ts', 'run.ts', 'definitions.ts', 'named-columns.ts'];
const filesIn = (folder: string) => readdirSync(join(src, folder)).filter((file) => file.endsWith('.ts'));
const reportFiles = filesIn('reports').map((file) => `reports/${file}`);
const files = [
  ...reportFiles,
  ...filesIn('engine')
    .filter((file) => !doors.includes(file))
    .map((file) => `engine/${file}`),
];

const keywords = new Set(
  `select from join on using where having group order by limit in and or not as over union all distinct when then else with
  between is case array partition values except intersect any left inner cross`.split(/\s+/),
);
const functions = new Set([...allowedFunctions, 'numbers'].map((name) => name.toLowerCase()));

/** What a piece of SQL reads or calls by a name of its own; relations are put into it. */
function faultsOf(piece: string): string[] {
  const text = withoutComments(piece)
    .replaceAll(/'(?:[^'\\]|\\.|'')*'/g, "''")
    .replaceAll(/\{\w+:[^}]*\}/g, '0');
  const own = new Set([...text.matchAll(/\b(\w+)\s+AS\s*\(/gi)].map(([, name = '']) => name.toLowerCase()));
  const faults: string[] = [];
  for (const [, word = '', name = ''] of text.matchAll(/\b(FROM|JOIN|INTO|TABLE|DESCRIBE|EXISTS)\b\s*([^\s(?]\S*)/gi))
    if (!own.has(name.toLowerCase()) && !/^numbers\(/.test(name)) faults.push(`${word.toUpperCase()} ${name}`);
  for (const [found] of text.matchAll(/\bIN\s*(?:\(\s*)?[a-z_`"][\w`"]*(?:\s*\.\s*\w+)?\s*(?:\)|$|\s(?!\())/gi))
    if (!/\(\s*SELECT\b/i.test(found)) faults.push(found.trim());
  for (const [, name = ''] of text.matchAll(/\b([a-z_]\w*)\s*\(/gi))
    if (!functions.has(name.toLowerCase()) && !keywords.has(name.toLowerCase())) faults.push(`${name}()`);
  for (const [found] of text.matchAll(
    /\b(?:SETTINGS|FORMAT|OUTFILE|FINAL|PREWHERE|SAMPLE|RECURSIVE)\b|;|\b(?:system|information_schema|default)\s*\./gi,
  ))
    if (!/^format$/i.test(found) || /\bFORMAT\s+\w/.test(text)) faults.push(found);
  return faults;
}

test.each(files)('%s reads what its scope hands out, in whatever branch', (file) => {
  const source = readFileSync(join(src, file), 'utf8');
  const found = readTexts(source).flatMap(({ text, line, isSql }) =>
    isSql ? faultsOf(text).map((fault) => `line ${line}: ${fault}`) : [],
  );
  expect(found).toEqual([]);
});

test('reports are written with what makes no scope and no SQL from text', () => {
  const wrong = reportFiles.flatMap((file) => {
    const source = readFileSync(join(src, file), 'utf8');
    const imports = [...source.matchAll(/^import (type )?([^;]*?) from '([^']+)'/gms)];
    return imports
      .filter(([, isType, names = '', path = '']) => {
        if (isType) return false;
        const opens = /\/(scope|run|lists|relations|named-columns|unknown-column|definitions)\.ts$/.test(path);
        const isBare = /\/sql\.ts$/.test(path) && /\*|\b(shipped|quote|without|optional)\b/.test(names);
        return opens || isBare || !/^\.\.?\//.test(path);
      })
      .map(([found]) => `${file}: ${found}`);
  });
  expect(wrong).toEqual([]);
});

test.each([
  'SELECT count() AS n FROM webhooks',
  'SELECT count() FROM/**/webhooks',
  'SELECT 1 FROM -- all of them\n webhooks',
  'SELECT 1 FROM ? AS a JOIN tokens ON 1',
  'SELECT 1 FROM "default".webhooks',
  'SELECT 1 FROM system.one',
  'SELECT 1 WHERE 1 IN webhooks',
  'SELECT 1 WHERE 1 IN (webhooks)',
  "SELECT joinGet('hooks', 'url', 1)",
  "SELECT 1 FROM merge('default', '.*')",
  'SELECT 1 FROM loop(webhooks)',
  "SELECT dictGet('d', 'url', 1)",
  "SELECT * FROM file('/etc/passwd')",
  'SELECT currentUser()',
  'SELECT 1 FROM ? AS calls SETTINGS limit = 1',
  'SELECT 1 FROM ? AS calls FORMAT Native',
  'SELECT 1; SELECT 2',
  'SELECT 1 FROM calls FINAL',
])('a piece that does not is seen: %s', (piece) => {
  expect(faultsOf(piece)).not.toEqual([]);
});

test.each([
  'SELECT countIf(calls.is_dial) AS dials FROM ? AS calls WHERE calls.is_dial GROUP BY agent_id ORDER BY dials DESC',
  'WITH busy AS (SELECT 1 FROM ? AS calls) SELECT 1 FROM busy LEFT JOIN ? AS teams ON 1',
  "SELECT toString(calls.cid) FROM (SELECT 1) AS a WHERE calls.cid IN ('a', 'b') AND 1 IN (SELECT 1)",
  'SELECT 1 FROM numbers(168) AS slot',
  'SELECT sum(calls.talked_sec) OVER (PARTITION BY calls.agent_id ORDER BY calls.started_at) FROM ? AS calls',
])('one that does is not: %s', (piece) => {
  expect(faultsOf(piece)).toEqual([]);
});
