/** Begins a report: `npm run new-report -- NAME` writes its three files, which run as they are, and lists it. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);

// The index imports each report under its name in camel case.
const taken = new Set(
  `break case catch class const continue debugger default delete do else enum export extends false finally for function if
  import in instanceof new null return super switch this throw true try typeof var void while with yield let static await
  implements interface package private protected public arguments eval index reports`.split(/\s+/),
);

const [name = '', ...more] = process.argv.slice(2);
const refusal = refuse();
if (refusal) {
  console.error(refusal);
  process.exit(1);
}

function refuse(): string | undefined {
  if (!name || more.length > 0) return 'Give one name: npm run new-report -- calls-by-campaign';
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 60 || taken.has(name)) {
    return `"${name}" can't be a report's name. It is the end of an address: small letters and digits, words joined by "-".`;
  }
  const there = Object.keys(files()).find((path) => existsSync(new URL(path, root)));
  return there && `There is a ${there} already.`;
}

function files(): Record<string, string> {
  const title = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
  return {
    [`src/reports/${name}.ts`]: `import { integer } from '../engine/columns.ts';
import * as metrics from '../engine/metrics.ts';
import { defineReport } from '../engine/report.ts';
import { sql } from '../sql.ts';

export default defineReport({
  name: '${name}',
  title: '${title}',
  about: 'What it tells, in one sentence.',
  columns: {
    campaign_id: integer('Campaign id', 'Campaign'),
    dials: integer('Dials', 'Dial attempts', 'calls'),
  },
  sql: ({ calls }) => sql\`
    SELECT
      calls.campaign_id AS campaign_id,
      \${metrics.dials} AS dials
    FROM \${calls} AS calls WHERE calls.is_dial
    GROUP BY campaign_id
    ORDER BY dials DESC, campaign_id\`,
});
`,
    [`test/reports/${name}.test.ts`]: `import { expect, test } from 'vitest';
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
    [`docs/reports/${name}.md`]: `
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
  "data": [
    { "campaign_id": 2, "dials": 2 },
    { "campaign_id": 1, "dials": 1 }
  ]
}
\`\`\`
`,
  };
}

for (const [path, text] of Object.entries(files())) {
  writeFileSync(new URL(path, root), text, { flag: 'wx' });
  console.log(`wrote  ${path}`);
}
const generate = fileURLToPath(new URL('generate.ts', import.meta.url));
const { status } = spawnSync(process.execPath, ['--import', 'tsx', generate], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(1);
console.log(`
It answers already: dials by campaign. Now
  1. write its columns and its SQL in src/reports/${name}.ts,
  2. tell it as stories in test/reports/${name}.test.ts: npx vitest run test/reports/${name}.test.ts
  3. run "npm run generate", and write how it is computed in docs/reports/${name}.md,
  4. run "npm test".`);
