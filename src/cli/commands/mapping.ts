import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { openConversion } from '../../mapping/convert.ts';
import type { Mapping, Merge } from '../../mapping/mapping.ts';
import { asList } from '../../mapping/named-columns.ts';
import { openRecordSource } from '../../mapping/source.ts';
import { readWholeNumber, withExamples } from '../command.ts';
import { assertFile } from '../files/find-files.ts';
import { openMapping } from '../files/mapping-file.ts';
import { print, printError } from '../show/print.ts';
import { toPrintable, toTable } from '../show/table.ts';

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
  const { toMappingSchema } = await import('../../mapping/schema.ts');
  print(`${JSON.stringify(toMappingSchema(), null, 2)}\n`);
}

async function checkMappings(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const mapping = await readGood(file);
    if (mapping) print(`${toPrintable(file)}: good. ${toSummary(mapping)}\n`);
  }
}

/** A mapping; when it has faults, prints them and makes the command fail. */
export async function readGood(file: string): Promise<Mapping | undefined> {
  const { mapping, faults } = await openMapping(file);
  if (mapping) return mapping;
  process.exitCode = 1;
  printError(`${toPrintable(file)}: ${faults.length === 1 ? 'one fault' : `${faults.length} faults`}\n`);
  for (const { path, message } of faults) printError(`  ${path}\n    ${toPrintable(message)}\n`);
  return undefined;
}

function toSummary({ table, columns, skip = [], merge }: Mapping): string {
  const parts = [
    `Table ${table}: ${Object.keys(columns).join(', ')}`,
    ...(skip.length > 0 ? [`skips ${skip.map(({ because }) => because).join(', ')}`] : []),
    ...(merge ? [`merges by ${asList(merge.by).join(', else ')}`] : []),
  ];
  return `${parts.join('; ')}.`;
}

/** Which rows become one call, in words. */
function toMergeRule({ by, same, linked = {}, within, second_leg: leg }: Merge): string {
  const apart = within === undefined ? '' : ` at most ${within} s apart`;
  const ties = [
    ...(same === undefined ? [] : [`they have the same ${asList(same).join(' or ')}${apart}`]),
    ...Object.entries(linked).map(([from, to]) => `the one\u2019s ${from} is the other\u2019s ${to}`),
  ];
  const rule = ties.length === 0 ? '' : ` where ${ties.join(', or ')}`;
  const left = leg === undefined ? '' : ` One that another row names as its ${leg} is left out.`;
  return toPrintable(`Rows with the same ${asList(by).join(', else ')} become one call when they go in${rule}.${left}`);
}

async function showRows(file: string, data: string, most: number): Promise<void> {
  const mapping = await readGood(file);
  if (!mapping) return;
  await assertFile(data);
  const bytes = createReadStream(data);
  try {
    const source = await openRecordSource(mapping, bytes);
    const conversion = openConversion(mapping, source, {
      resolveNames: async (_kind, names) => new Map(names.map((name) => [name, `(id of ${name})`])),
    });
    const columns = conversion.makings.map(({ column }) => column);
    const rows: string[][] = [];
    const notes: string[] = [];
    const number = mapping.file?.format === 'json' ? 'record' : 'line';
    for await (const batch of conversion.batches()) {
      for (const one of batch.slice(0, most - rows.length - notes.length)) {
        if (one.kind === 'row')
          rows.push([String(one.made.line), ...columns.map((column) => String(one.made.row[column] ?? ''))]);
        else if (one.kind === 'skipped') notes.push(`  ${number} ${one.line}: skipped: ${one.because}`);
        else {
          for (const { field, reason } of one.bad.faults)
            notes.push(`  ${number} ${one.bad.line}: ${field}: ${reason}`);
        }
      }
      if (rows.length + notes.length >= most) break;
    }
    const head = [
      { label: number === 'line' ? 'Line' : 'Record', align: 'right' as const },
      ...columns.map((label) => ({ label })),
    ];
    print(`${toTable(head, rows)}\n`);
    if (notes.length > 0) print(`\nNot taken in, of ${basename(data)}:\n${notes.map(toPrintable).join('\n')}\n`);
    for (const { column, meant } of source.absent?.() ?? []) {
      print(`\n${toPrintable(`None of these records has ${column}: it is taken as empty.${meant}`)}\n`);
    }
    if (mapping.merge) print(`\n${toMergeRule(mapping.merge)}\n`);
  } finally {
    bytes.destroy();
  }
}
