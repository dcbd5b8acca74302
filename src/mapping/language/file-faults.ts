/** What may be wrong with what a mapping says of its file, and with its columns. */
import { type Place, type PlacedFault, toFault } from '../../document/fault.ts';
import { listed, quoted } from '../../document/short.ts';
import { didYouMean } from '../../document/suggestion.ts';
import { faultInPath } from './json-paths.ts';
import type { Mapping } from './mapping.ts';
import { namedColumns } from './rule-columns.ts';

/** Whether a mapping's file is JSON, whose columns are paths. */
export const isJson = ({ file }: Mapping) => file?.format === 'json' || file?.format === 'ndjson';

/** What is wrong with what a mapping says of its file. */
export function fileFaults(mapping: Mapping): PlacedFault[] {
  return isJson(mapping) ? jsonFaults(mapping) : csvFaults(mapping);
}

function csvFaults(mapping: Mapping): PlacedFault[] {
  const { file = {} } = mapping;
  const { columns = [], fewest, quote, inner_quotes, delimiter } = file;
  const faults: PlacedFault[] = [];
  const seen = new Set<string>();
  for (const [index, column] of columns.entries()) {
    if (seen.has(column)) {
      faults.push({
        place: ['file', 'columns', index],
        message: `${quoted(column)} is listed already. Give each column a name of its own.`,
      });
    }
    seen.add(column);
  }
  if (fewest !== undefined && columns.length > 0 && fewest > columns.length) {
    faults.push({
      place: ['file', 'fewest'],
      message: `Only ${columns.length} columns are listed. Take ${columns.length} or less.`,
    });
  }
  if (quote === 'none' && inner_quotes !== undefined) {
    faults.push({ place: ['file', 'inner_quotes'], message: 'The file has no quotes. Take it out.' });
  }
  // The words may be wrong ones still.
  if (quote !== undefined && (quote as string) === delimiter)
    faults.push({ place: ['file', 'quote'], message: 'It is the delimiter already.' });
  if (file.percent_encoded !== undefined) {
    faults.push({
      place: ['file', 'percent_encoded'],
      message: 'It goes with JSON. Say so ("format": "json"), or take it out.',
    });
  }
  return [...faults, ...nameFaults(mapping)];
}

const ofCsv = ['delimiter', 'quote', 'inner_quotes', 'columns', 'fewest', 'skip_lines'] as const;

function jsonFaults(mapping: Mapping): PlacedFault[] {
  const { file = {} } = mapping;
  const paths: [string, Place][] = [
    ...namedColumns(mapping),
    ...(file.percent_encoded ?? []).map((path, index): [string, Place] => [path, ['file', 'percent_encoded', index]]),
  ];
  return [
    ...ofCsv.flatMap((property) =>
      file[property] === undefined ? [] : [{ place: ['file', property], message: 'It goes with CSV. Take it out.' }],
    ),
    ...paths.flatMap(([path, place]) => {
      const message = faultInPath(path);
      return message === undefined ? [] : [{ place, message }];
    }),
  ];
}

/** Columns that the file's own list does not have. Those of a header are known only with the file. */
function nameFaults(mapping: Mapping): PlacedFault[] {
  const { columns } = mapping.file ?? {};
  return columns === undefined ? [] : unknownColumns(mapping, columns);
}

/** The places where a mapping names a column that a file does not have. */
export function unknownColumns(mapping: Mapping, columns: readonly string[]): PlacedFault[] {
  const known = new Set(columns);
  return namedColumns(mapping).flatMap(([column, place]) =>
    known.has(column)
      ? []
      : [
          toFault(
            place,
            () => `The file has no column ${quoted(column)}.${didYouMean(column, columns)} It has ${listed(columns)}.`,
          ),
        ],
  );
}
