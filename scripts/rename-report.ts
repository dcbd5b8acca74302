/**
 * Gives a report another name: `npm run rename-report -- OLD NEW` moves its files, names it anew in them, in links and in
 * what is generated, and says what it can't decide.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { filesOf, refusalOf, refuse, root, settle } from './report-files.ts';

const [old = '', name = '', ...more] = process.argv.slice(2);
if (!name || more.length > 0) refuse('Give two names: npm run rename-report -- calls-by-campaign dials-by-campaign');
const [before, after] = [filesOf(old), filesOf(name)];
if (!existsSync(new URL(before.declaration, root))) refuse(`There is no report ${old}.`);
if (existsSync(new URL(`test/spec/${old}.json`, root))) {
  refuse(`${old} is a name that the contract prints. Clients ask for it by that name, so it stays.`);
}
const refusal = refusalOf(name);
if (refusal) refuse(refusal);

const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const filesIn = (folder: string) =>
  readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|md|json|sh|http)$/.test(file))
    .map((file) => `${folder}/${file}`);
/** Names it anew in a file, where these forms of the old name stand. */
const rename = (path: string, forms: RegExp) => {
  const text = read(path);
  const renamed = text.replace(forms, name);
  if (renamed !== text) writeFileSync(new URL(path, root), renamed);
  return renamed !== text;
};

// A name of one word is a word of its own, too: it is renamed where it can only be the report's.
const declared = new RegExp(`(?<=\\bname: ')${old}(?=')`, 'g');
const asked = new RegExp(`(?<=(?<!ingest\\()')${old}(?=')`, 'g');
const addressed = new RegExp(`(?<=\\breports/|\\]\\(|\\bdialtally report )${old}(?![\\w-])`, 'g');
const keyed = new RegExp(`(?<=")${old}(?=":)`, 'g');

for (const [part, path] of Object.entries(before) as [keyof typeof before, string][]) {
  renameSync(new URL(path, root), new URL(after[part], root));
  console.log(`moved  ${path} to ${after[part]}`);
}
rename(after.declaration, declared);
rename(after.stories, asked);
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...filesIn('docs').filter((path) => path.endsWith('.md')),
];
const named = [
  ...[after.stories, ...pages].filter((path) => rename(path, addressed)),
  ...filesIn('examples/customers').filter((path) => rename(path, keyed)),
];
for (const path of named) console.log(`named  ${path}`);

settle(name);

const left = new RegExp(`(?<![\\w-])${old}(?![\\w-])`);
const places = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md']
  .concat(['src', 'web', 'test', 'docs', 'examples', 'bench'].flatMap(filesIn))
  .flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (left.test(line) ? [`  ${path}:${index + 1}`] : [])),
  );
// The name of one word is left in too many places to say.
if (places.length > 0 && old.includes('-')) console.log(`\nThe old name is left in\n${places.join('\n')}`);
console.log(`
What is yours to decide:
  - its title, and the name of its function in ${after.oracle};
  - whoever asks for /api/telesales/reports/${old}, its export or "dialtally report ${old}" now gets an error: tell them;
  - customer packages outside of this project that name ${old} are refused when the server starts: rename it in them;
  - the log of exports keeps the name under which each file was taken.
Then run "npm test".`);
