import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** What each part of `src/` may import, beside itself. A file right under `src/` is a part of its own. */
const mayImport: Record<string, readonly string[]> = {
  reports: ['tables', 'engine', 'sql'],
  engine: ['tables', 'document', 'clean-text', 'shapes', 'zones', 'sql', 'errors', 'faults'],
  store: ['tables', 'shapes', 'sql', 'errors'],
  ingest: ['tables', 'store', 'document', 'clean-text', 'shapes', 'sql', 'errors'],
  mapping: ['tables', 'store', 'ingest', 'document', 'clean-text', 'threads', 'shapes', 'zones', 'sql', 'errors'],
  dialers: ['tables', 'store', 'ingest', 'mapping', 'document', 'clean-text', 'shapes', 'zones', 'sql', 'errors'],
  access: ['engine', 'store', 'shapes', 'sql', 'errors'],
  monitor: ['engine', 'reports', 'store', 'access', 'shapes', 'sql'],
  webhooks: ['monitor', 'store', 'shapes', 'sql', 'errors'],
  backup: ['store', 'shapes', 'sql', 'errors', 'version'],
  export: ['engine', 'document', 'shapes', 'text-width', 'errors'],
  document: [],
  demo: [],
  threads: [],
  shapes: [],
  'clean-text': [],
  'text-width': [],
  zones: [],
  tables: [],
  http: [
    'tables',
    'engine',
    'reports',
    'store',
    'ingest',
    'mapping',
    'dialers',
    'access',
    'backup',
    'export',
    'document',
    'config',
    'errors',
    'faults',
    'shapes',
    'sql',
    'version',
    'monitor',
    'webhooks',
    'threads',
  ],
  cli: [
    'app',
    'tables',
    'http',
    'engine',
    'reports',
    'store',
    'ingest',
    'mapping',
    'dialers',
    'access',
    'backup',
    'export',
    'demo',
    'document',
    'config',
    'errors',
    'faults',
    'text-width',
    'zones',
    'sql',
    'version',
  ],
  app: [
    'http',
    'engine',
    'store',
    'ingest',
    'mapping',
    'access',
    'export',
    'config',
    'errors',
    'sql',
    'monitor',
    'webhooks',
  ],
  config: ['errors'],
  sql: [],
  errors: ['faults'],
  faults: [],
  version: [],
};

const src = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const readSource = (file: string) => readFileSync(join(src, file), 'utf8');

/** The part of `src/` that a file belongs to. */
const partOf = (file: string) => file.split('/')[0]?.replace(/\.ts$/, '') ?? '';

/** The files of ours that a file names in its imports and exports. */
function importsOf(file: string): string[] {
  const named = readSource(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.{1,2}\/[^']+)'/g);
  return [...named].map(([, path = '']) => relative(src, join(src, dirname(file), path)));
}

describe.each(Object.keys(mayImport))('%s', (part) => {
  test(`imports ${mayImport[part]?.join(', ') || 'nothing'}, and itself`, () => {
    const wrong = files
      .filter((file) => partOf(file) === part)
      .flatMap((file) => importsOf(file).map((imported) => ({ file, imported })))
      .filter(({ imported }) => partOf(imported) !== part && !mayImport[part]?.includes(partOf(imported)))
      .map(({ file, imported }) => `${file} imports ${imported}`);
    expect(wrong).toEqual([]);
  });
});

test('what all dialers are made of knows none of them, and no dialer knows another', () => {
  /** The folder of a dialer that a file lies in; none for what they are made of. */
  const dialerOf = (file: string) => /^dialers\/(?!mysql\/)([^/]+)\//.exec(file)?.[1];
  const wrong = files
    .filter((file) => partOf(file) === 'dialers')
    .flatMap((file) => importsOf(file).map((imported) => ({ file, imported })))
    .filter(({ file, imported }) => dialerOf(imported) !== undefined && dialerOf(imported) !== dialerOf(file))
    .map(({ file, imported }) => `${file} imports ${imported}`);
  expect(wrong).toEqual([]);
});

// Of the command line's rooms: a command uses files and what shows things, and all of them go through the server's door.
const roomsMayImport: Record<string, readonly string[]> = {
  commands: ['sync', 'files', 'show', 'server'],
  sync: ['files', 'show', 'server'],
  files: ['show', 'server'],
  show: ['server'],
  server: [],
};

test('the rooms of the command line lean on each other one way, and no command on another', () => {
  const roomOf = (file: string) => /^cli\/(\w+)\//.exec(file)?.[1];
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => {
        const [room, other] = [roomOf(file), roomOf(imported)];
        if (room === undefined || other === undefined) return false;
        return room === other ? room === 'commands' : !roomsMayImport[room]?.includes(other);
      })
      .map((imported) => `${file} imports ${imported}`),
  );
  expect(wrong).toEqual([]);
});

test('every part has its line in the table', () => {
  const parts = [...new Set(files.map(partOf))].sort();
  expect(parts).toEqual(Object.keys(mayImport).sort());
});

test('imports stay inside src', () => {
  const outside = files.flatMap((file) => importsOf(file).filter((imported) => imported.startsWith('..')));
  expect(outside).toEqual([]);
});

test('only config.ts reads the environment', () => {
  const readers = files.filter(
    (file) => file !== 'config.ts' && /process\s*\.\s*env\b|import\.meta\.env/.test(readSource(file)),
  );
  expect(readers).toEqual([]);
});

test('scopes are opened where questions are answered, and nowhere else', () => {
  const openers = files.filter((file) =>
    /^import \{[^;]*\bopen(Scope|Tables|Names|Starts)\b[^;]*scope\.ts'/m.test(readSource(file)),
  );
  expect(openers.sort()).toEqual([
    'engine/behind.ts',
    'engine/last-call.ts',
    'engine/lists.ts',
    'engine/run.ts',
    'engine/undisposed.ts',
    'monitor/minutes.ts',
  ]);
});

test('of engine and reports, the scope alone says whose rows are read', () => {
  const sayers = files.filter(
    (file) => /^(engine|reports)\//.test(file) && /\btenant_id\s*(=|!=|>|<|IN\b|\$\{)/i.test(readSource(file)),
  );
  expect(sayers).toEqual(['engine/scope.ts']);
});

test('only migrations become SQL from text', () => {
  expect(files.filter((file) => /\bshipped\b[^;]*from '[./]*sql\.ts'/.test(readSource(file)))).toEqual([
    'store/migrate.ts',
    'store/rewrite.ts',
  ]);
});

/** The circles in what files import. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (done.has(file) || path.includes(file)) return;
    for (const imported of graph.get(file) ?? []) visit(imported, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return circles;
}

test('no files import each other in a circle, types included', () => {
  expect(circlesOf(new Map(files.map((file) => [file, importsOf(file)])))).toEqual([]);
});

/** The names that more than one file exports, and which do. */
function exportedTwice(sources: readonly { file: string; source: string }[]): string[] {
  const owners = new Map<string, Set<string>>();
  for (const { file, source } of sources) {
    for (const [, name = ''] of source.matchAll(
      /^export (?:async |abstract |declare )*(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm,
    )) {
      owners.set(name, (owners.get(name) ?? new Set()).add(file));
    }
  }
  return [...owners].filter(([, its]) => its.size > 1).map(([name, its]) => `${name}: ${[...its].join(', ')}`);
}

test('no name is exported twice', () => {
  expect(exportedTwice(files.map((file) => ({ file, source: readSource(file) })))).toEqual([]);
});

test('rows that come in are ingested: no identifier has another verb for it', () => {
  const others = files.flatMap((file) =>
    [...readSource(file).matchAll(/\b\w*([tT]ake[sn]?In|[iI]ntake|[sS]tage[sd]?[A-Z])\w*\b/g)].map(
      ([word]) => `${file}: ${word}`,
    ),
  );
  expect(others).toEqual([]);
});

test('the first line of a file says what it is for', () => {
  const silent = files.filter(
    (file) => !/^(\/\*\*|\/\/) ?\S/.test(readSource(file)) && !/^\/\*\*\n/.test(readSource(file)),
  );
  expect(silent).toEqual([]);
});

test('the places that the pages on the house name are there', () => {
  const root = join(src, '..');
  const lost = ['ARCHITECTURE.md', 'docs/words.md'].flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/`((?:[a-z-]+\/)+(?:[a-z0-9-]+(?:\.[a-z]+)*)?)`/g)]
      .map(([, path = '']) => path)
      .filter((path) => !['', 'src', 'test'].some((folder) => existsSync(join(root, folder, path))))
      .map((path) => `${page}: ${path}`),
  );
  expect(lost).toEqual([]);
});

const isNamedAfterNothing = (file: string) => /(^|\/|-)(utils?|helpers?|common|misc|shared)(-|\.tsx?$|\/)/.test(file);

test('no file is named after nothing', () => {
  expect(files.filter(isNamedAfterNothing)).toEqual([]);
});

test('no route imports another: what they share stands apart', () => {
  const isRoute = (file: string) => file.startsWith('http/routes/');
  const wrong = files
    .filter(isRoute)
    .flatMap((file) => importsOf(file).map((imported) => ({ file, imported })))
    .filter(({ imported }) => isRoute(imported))
    .map(({ file, imported }) => `${file} imports ${imported}`);
  expect(wrong).toEqual([]);
});

// The console: rooms of its own, each using those below it.
const webMayImport: Record<string, readonly string[]> = {
  main: [
    'look',
    'router',
    'api',
    'question',
    'words',
    'shell',
    'table',
    'pictures',
    'behind',
    'reports',
    'start',
    'wall',
  ],
  router: ['Frame', 'api', 'question', 'shell', 'reports', 'start', 'wall'],
  Frame: ['api', 'question', 'words', 'shell', 'start'],
  wall: ['api', 'question', 'words', 'shell', 'table', 'pictures', 'reports'],
  start: ['api', 'question', 'words', 'shell'],
  reports: ['api', 'question', 'words', 'shell', 'table', 'pictures', 'behind'],
  behind: ['api', 'question', 'words', 'shell', 'table'],
  pictures: ['api', 'question', 'words', 'shell', 'table'],
  table: ['api', 'question', 'words', 'shell'],
  shell: ['api', 'question', 'words'],
  words: ['api'],
  api: ['question'],
  question: [],
  look: [],
};

describe('the console', () => {
  const web = join(src, '../web/src/');
  const sources = readdirSync(web, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => ({ file, source: readFileSync(join(web, file), 'utf8') }));
  const roomOf = (file: string) => file.split('/')[0]?.replace(/\.\w+$/, '') ?? '';
  /** What a file imports of ours, as from `web/src/`; with whether it is types alone. */
  const importsOfPage = ({ file, source }: (typeof sources)[number]) =>
    [...source.matchAll(/(?:^|[^\w.])(import|export)\b(\s+type\b)?[^'";]*?['"](\.{1,2}\/[^'"]+)['"]/g)].map(
      ([, , isType, path = '']) => ({
        path: relative(web, join(web, dirname(file), path)),
        isType: isType !== undefined,
      }),
    );

  test.each(Object.keys(webMayImport))('%s imports those below it', (room) => {
    const wrong = sources
      .filter(({ file }) => roomOf(file) === room)
      .flatMap((source) => importsOfPage(source).map(({ path }) => ({ file: source.file, path })))
      .filter(({ path }) => !path.startsWith('..') && roomOf(path) !== room)
      .filter(({ path }) => !webMayImport[room]?.includes(roomOf(path)))
      .map(({ file, path }) => `${file} imports ${path}`);
    expect(wrong).toEqual([]);
  });

  test('every room has its line in the table', () => {
    expect([...new Set(sources.map(({ file }) => roomOf(file)))].sort()).toEqual(Object.keys(webMayImport).sort());
  });

  test('of the server it has types alone: what answers look like, and what they are made of', () => {
    const outside = sources.flatMap((source) =>
      importsOfPage(source)
        .filter(({ path }) => path.startsWith('..'))
        .map(({ path, isType }) => ({ file: source.file, path: path.replace('../../', ''), isType })),
    );
    expect(outside.length).toBeGreaterThan(0);
    for (const { file, path, isType } of outside) {
      // Mappings of other systems' files are data: the same that the command line is given.
      if (/^examples\/mappings\/[\w-]+\.json$/.test(path)) continue;
      expect([file, isType]).toEqual(['api/types.ts', true]);
      expect(path).toMatch(/^src\/(http\/answers\/[\w-]+|engine\/[\w-]+-schema|(ingest|mapping)\/reconciliation)\.ts$/);
    }
  });

  test('no files import each other in a circle, types included', () => {
    const graph = new Map(sources.map((source) => [source.file, importsOfPage(source).map(({ path }) => path)]));
    expect(circlesOf(graph)).toEqual([]);
  });

  test('no name is exported twice', () => {
    expect(exportedTwice(sources)).toEqual([]);
  });

  test('the first line of a file says what it is for, and no file is named after nothing', () => {
    expect(sources.filter(({ source }) => !/^(\/\*\*|\/\/) ?\S/.test(source)).map(({ file }) => file)).toEqual([]);
    expect(sources.map(({ file }) => file).filter(isNamedAfterNothing)).toEqual([]);
  });

  test('nothing of it is asked from elsewhere, or written as HTML', () => {
    const wrong = sources
      .filter(({ source }) =>
        /dangerouslySetInnerHTML|\.innerHTML\b|\beval\(|new Function\(|document\.write/.test(source),
      )
      .map(({ file }) => file);
    const addresses = sources.flatMap(({ file, source }) =>
      [...source.matchAll(/['"`]((?:https?:)?\/\/[\w.-]+)/g)]
        .filter(([, address]) => !/^http:\/\/(www\.w3\.org|127\.0\.0\.1|localhost)/.test(address ?? ''))
        .map(([, address]) => `${file}: ${address}`),
    );
    expect([...wrong, ...addresses]).toEqual([]);
  });
});
