/** What became of a file: how many rows are in, which are not, and why. Nothing is lost without a word. */
import { Anchor, Table, Text } from '@mantine/core';
import type { Reconciliation } from '../api/types.ts';
import { useSigned } from '../shell/signed-in.tsx';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';

const mostLines = 20;

/** The reconciliation of a file. */
export function Reconciled({ result }: { result: Reconciliation }) {
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  const { rows_read, taken_in, refused, skipped = 0, merged = 0, unknown_columns, skipped_by = [] } = result;
  const figures: [label: string, count: number, tone?: string | undefined][] = [
    [words.rowsRead, rows_read],
    [words.rowsTaken, taken_in, taken_in > 0 ? 'good' : undefined],
    [words.rowsRefused, refused, refused > 0 ? 'bad' : undefined],
    ...(skipped > 0 ? ([[words.rowsSkipped, skipped]] as [string, number][]) : []),
    ...(merged > 0 ? ([[words.rowsMerged, merged]] as [string, number][]) : []),
  ];
  return (
    <div className="reconciled">
      <dl aria-live="polite">
        {figures.map(([label, count, tone]) => (
          <div key={label} data-tone={tone}>
            <dt>{label}</dt>
            <dd>{writing.number(count)}</dd>
          </div>
        ))}
      </dl>
      {skipped_by.length > 0 && (
        <Text size="sm" className="dimmed">
          {words.rowsSkipped}:{' '}
          {skipped_by.map(({ because, rows }) => `${because} (${writing.number(rows)})`).join(', ')}
        </Text>
      )}
      {unknown_columns.length > 0 && (
        <Text size="sm" className="dimmed">
          {words.rowsUnknownColumns}: <bdi>{unknown_columns.join(', ')}</bdi>
        </Text>
      )}
      {refused > 0 && <Refused result={result} />}
    </div>
  );
}

function Refused({ result: { import_id, refused, refused_by, first_refused } }: { result: Reconciliation }) {
  const { words, language } = useSpoken();
  const { may } = useSigned();
  const writing = openWriting(language);
  const lines = first_refused
    .flatMap(({ line, faults, row }) => faults.map((fault) => ({ ...fault, line, was: row[fault.field] ?? '' })))
    .slice(0, mostLines);
  return (
    <>
      <Text size="sm">{words.refusedRemedy}</Text>
      <div className="reconciled-tables" lang="en">
        <Table className="plain-table" withRowBorders>
          <Table.Thead lang={language}>
            <Table.Tr>
              <Table.Th>{words.field}</Table.Th>
              <Table.Th>{words.reason}</Table.Th>
              <Table.Th className="amount">{words.rows}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {refused_by.map(({ field, reason, rows }) => (
              <Table.Tr key={`${field} ${reason}`}>
                <Table.Td>{field}</Table.Td>
                <Table.Td>{reason}</Table.Td>
                <Table.Td className="amount">{writing.number(rows)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Table className="plain-table">
          <Table.Thead lang={language}>
            <Table.Tr>
              <Table.Th className="amount">{words.line}</Table.Th>
              <Table.Th>{words.field}</Table.Th>
              <Table.Th>{words.reason}</Table.Th>
              <Table.Th>{words.was}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map(({ line, field, reason, was }) => (
              <Table.Tr key={`${line} ${field} ${reason}`}>
                <Table.Td className="amount">{writing.number(line)}</Table.Td>
                <Table.Td>{field}</Table.Td>
                <Table.Td>{reason}</Table.Td>
                <Table.Td>
                  <bdi>{was.length > 80 ? `${was.slice(0, 80)}…` : was}</bdi>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {may('refused_rows') && (
        <Anchor
          size="sm"
          href={`/api/telesales/ingest/refused?import_id=${import_id}&limit=10000`}
          download="refused.json"
        >
          {words.refusedFile(writing.number(Math.min(refused, 10_000)))}
        </Anchor>
      )}
    </>
  );
}
