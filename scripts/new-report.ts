/** Begins a report: `npm run new-report -- NAME` writes its files, which run and pass as they are, and lists it. */
import { writeFileSync } from 'node:fs';
import { filesOf, refusalOf, refuse, root, settle } from './report-files.ts';

/** What a report begins with: dials by campaign, as declaration, stories, plain computation and page. */
const templates = {
  declaration: (name: string) => `/** How often each campaign dials. */
import { integer } from '../engine/columns.ts';
import * as metrics from '../engine/metrics.ts';
import { defineReport } from '../engine/report.ts';
import { sql } from '../sql.ts';

export default defineReport({
  name: '${name}',
  title: '${toTitle(name)}',
  about: 'What it tells, in one sentence.',
  key: ['campaign_id'],
  columns: {
    campaign_id: integer('Campaign id', 'Campaign'),
    dials: integer('Dials', 'Dial attempts', 'calls', { figure: 'dials', better: 'neither' }),
  },
  counts: { of: 'calls', only: sql\`calls.is_dial\`, by: () => ({ campaign_id: sql\`calls.campaign_id\` }) },
  picture: { kind: 'bars', along: 'campaign_id', values: ['dials'] },
  sample: { rows: 6, row: (row) => ({ campaign_id: 43 + row }) },
  sql: ({ calls }, _, { only, by }) => sql\`
    SELECT
      \${by.campaign_id} AS campaign_id,
      \${metrics.dials} AS dials
    FROM \${calls} AS calls WHERE \${only}
    GROUP BY campaign_id
    ORDER BY dials DESC, campaign_id\`,
});
`,

  stories: (name: string) => `import { expect, test } from 'vitest';
import { call, callsOf, openWorld } from '../world.ts';

const { ingest, ask } = openWorld();

test('these calls, this report, these numbers', async () => {
  await ingest('calls', [call({ campaign_id: 1 }), ...callsOf(2, { campaign_id: 2 }), call({ outcome: 'blocked' })]);
  expect(await ask('${name}')).toEqual([
    { campaign_id: 2, dials: 2 },
    { campaign_id: 1, dials: 1 },
  ]);
});

test('nothing happened: an empty list', async () => {
  expect(await ask('${name}')).toEqual([]);
});
`,

  oracle: () => `import { callsBehind } from './plain/behind.ts';
import { group, isDial } from './plain/calls.ts';
import { type Question, windowed } from './plain/questions.ts';

/** The \`data\` of the report. */
export default (question: Question): unknown =>
  [...group(windowed(question).dials, (call) => call.campaign)]
    .sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || a - b)
    .map(([campaign_id, own]) => ({ campaign_id, dials: own.length }));

/** What its figures count. */
export const behind = callsBehind({ dials: isDial }, (call, { campaign_id }) => call.campaign === campaign_id);
`,

  page: (name: string) => `
## How it is computed

Say what is counted, over which calls, and in which order.

## Edge cases

- Say what is easily misread.

## Example

\`\`\`http
GET /api/telesales/reports/${name}?date_from=2026-06-01&date_to=2026-06-07
\`\`\`

\`\`\`json
{
  "data": [{ "campaign_id": 2, "dials": 2 }, { "campaign_id": 1, "dials": 1 }]
}
\`\`\`
`,
};

function toTitle(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
}

const [name = '', ...more] = process.argv.slice(2);
if (!name || more.length > 0) refuse('Give one name: npm run new-report -- calls-by-campaign');
const refusal = refusalOf(name);
if (refusal) refuse(refusal);

const files = filesOf(name);
for (const [part, path] of Object.entries(files) as [keyof typeof files, string][]) {
  writeFileSync(new URL(path, root), templates[part](name), { flag: 'wx' });
  console.log(`wrote  ${path}`);
}
settle(name);
console.log(`
It answers already (dials by campaign), and "npm test" passes. Now
  1. write its columns and its SQL in ${files.declaration},
  2. tell it as stories in ${files.stories}: npx vitest run ${files.stories}
  3. compute it once more, plainly, in ${files.oracle}: npx vitest run test/oracle.test.ts
  4. run "npm run generate", and write how it is computed in ${files.page},
  5. run "npm test".`);
