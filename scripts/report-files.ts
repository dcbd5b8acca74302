/** What a report consists of, and what it may be called. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project. */
export const root = new URL('../', import.meta.url);

/** The files of a report, of which only the page is also written by "npm run generate". */
export const filesOf = (name: string) => ({
  declaration: `src/reports/${name}.ts`,
  stories: `test/reports/${name}.test.ts`,
  oracle: `test/oracle/${name}.ts`,
  page: `docs/reports/${name}.md`,
});

// The index imports each report under its name in camel case.
const taken = new Set(
  `break case catch class const continue debugger default delete do else enum export extends false finally for function if
  import in instanceof new null return super switch this throw true try typeof var void while with yield let static await
  implements interface package private protected public arguments eval index reports`.split(/\s+/),
);

/** Why no report can be made under a name, if so. */
export function refusalOf(name: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 60 || taken.has(name)) {
    return `"${name}" can't be a report's name. It is the end of an address: small letters and digits, words joined by "-".`;
  }
  const there = Object.values(filesOf(name)).find((path) => existsSync(new URL(path, root)));
  return there && `There is a ${there} already.`;
}

/** Writes what is generated, and breaks the lines of a report's files as their lengths ask for. */
export function settle(name: string): void {
  const at = (path: string) => fileURLToPath(new URL(path, root));
  const commands: [program: string, ...args: string[]][] = [
    [process.execPath, '--import', 'tsx', at('scripts/generate.ts')],
    [at('node_modules/.bin/biome'), 'format', '--write', '--log-level=error', ...Object.values(filesOf(name)).map(at)],
  ];
  for (const [program, ...args] of commands) {
    const { status } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) process.exit(1);
  }
}

/** Ends the script with a reason. */
export function refuse(reason: string): never {
  console.error(reason);
  process.exit(1);
}
