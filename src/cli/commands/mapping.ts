/** `dialtally mapping check|preview|schema`: for the authors of mappings. */
import type { Command } from 'commander';
import type { Mapping } from '../../mapping/language/mapping.ts';
import { asList } from '../../mapping/language/rule-columns.ts';
import { readWholeNumber, withExamples } from '../command.ts';
import { assertFile } from '../files/find-files.ts';
import { readGood } from '../files/mapping-file.ts';
import { toPreview } from '../show/mapping-preview.ts';
import { print } from '../show/print.ts';
import { toPrintable } from '../show/printable.ts';

/** `dialtally mapping`: checks a mapping and shows what it makes of a file. */
export function addMapping(program: Command): void {
  const mapping = program
    .command('mapping')
    .summary('check and try how other systems\u2019 files go in')
    .description(
      'For authors of mappings: JSON files that say how the rows of another system\u2019s file become ours. No server is needed.',
    );
  withExamples(mapping, 'mapping check asterisk.json', 'mapping preview asterisk.json Master.csv');

  const check = mapping
    .command('check')
    .description('Names everything that is wrong with mappings. Exits 0 when nothing is, 1 otherwise.')
    .argument('<file...>', 'the mappings')
    .action((files: string[]) => checkMappings(files));
  withExamples(check, 'mapping check asterisk.json');

  const preview = mapping
    .command('preview')
    .description(
      'Shows what the first rows of a file become. Nothing is taken in: names have no ids yet, and phone numbers are not shown.',
    )
    .argument('<file>', 'the mapping')
    .argument('<data>', 'a file to try it on')
    .option('--rows <n>', 'how many rows (default: 10)', readWholeNumber)
    .action((file: string, data: string, { rows = 10 }: { rows?: number }) => showRows(file, data, rows));
  withExamples(
    preview,
    'mapping preview asterisk.json Master.csv',
    'mapping preview asterisk.json Master.csv --rows 50',
  );

  const schema = mapping
    .command('schema')
    .description('Prints the JSON Schema of mappings, for editors.')
    .action(printSchema);
  withExamples(schema, 'mapping schema > mapping.schema.json');
}

async function printSchema(): Promise<void> {
  const { toMappingSchema } = await import('../../mapping/language/mapping-schema.ts');
  print(`${JSON.stringify(toMappingSchema(), null, 2)}\n`);
}

async function checkMappings(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const mapping = await readGood(file);
    if (mapping) print(`${toPrintable(file)}: good. ${toSummary(mapping)}\n`);
  }
}

function toSummary({ table, columns, skip = [], merge }: Mapping): string {
  const parts = [
    `Table ${table}: ${Object.keys(columns).join(', ')}`,
    ...(skip.length > 0 ? [`skips ${skip.map(({ because }) => because).join(', ')}`] : []),
    ...(merge ? [`merges by ${asList(merge.by).join(', else ')}`] : []),
  ];
  return `${parts.join('; ')}.`;
}

async function showRows(file: string, data: string, most: number): Promise<void> {
  const mapping = await readGood(file);
  if (!mapping) return;
  await assertFile(data);
  print(`${await toPreview(mapping, data, most)}\n`);
}
