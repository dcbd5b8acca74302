/** The calls or leads behind a number, beside the page that they come from. */
import { Button, Drawer, Group, Menu, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { askJson } from '../api/client.ts';
import { type Own, reportUrl } from '../api/queries.ts';
import type { Column, Report, Row } from '../api/types.ts';
import type { Question } from '../question/view.ts';
import { LoadingRows } from '../reports/Loading.tsx';
import { Broken } from '../shell/Broken.tsx';
import { Icon } from '../shell/icons.tsx';
import { useSigned } from '../shell/signed-in.tsx';
import { isAmount } from '../table/ReportTable.tsx';
import { Scrolled } from '../table/Scrolled.tsx';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf, wordOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import type { Opened } from './opened.ts';

interface BehindProps {
  report: Report;
  question: Question;
  own: Own;
  opened: Opened;
  onClose(): void;
}

interface Page {
  data: Row[];
  next: string | null;
  note: string | null;
}

const pageSize = 50;
const formats = { csv: 'CSV', xlsx: 'Excel', ndjson: 'NDJSON', parquet: 'Parquet' } as const;

/** The list, in a drawer. */
export function Behind({ report, question, own, opened, onClose }: BehindProps) {
  const { words, names, language } = useSpoken();
  const writing = openWriting(language);
  const { may } = useSigned();
  const { of: door, columns: listed } = report.behind;
  const asked = { ...own, ...opened.key, column: opened.column };
  const url = (more: Own) => reportUrl(report, question, { door: `/${door}`, own: { ...asked, ...more } });
  const { data, error, fetchNextPage, hasNextPage, isFetching, isPending, refetch } = useInfiniteQuery({
    queryKey: ['answer', url({})],
    queryFn: ({ pageParam, signal }) => askJson<Page>(url({ limit: String(pageSize), after: pageParam }), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  const note = data?.pages[0]?.note;
  const column = report.columns.find(({ name }) => name === opened.column);
  const columns = listed.filter(({ name }) => !hidden.has(name));
  const title = `${door === 'leads' ? words.behindLeads : words.behindCalls}: ${column ? labelOf(column, names) : opened.column}`;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="min(960px, 96vw)"
      title={title}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <Group justify="space-between" mb="sm">
        <Text size="sm" c="dimmed">
          {Object.values(opened.key).join(', ')} {note}
        </Text>
        {may('exports') && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" size="xs" leftSection={<Icon name="download" size={14} />}>
                {words.export}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {Object.entries(formats).map(([format, label]) => (
                <Menu.Item key={format} component="a" href={url({ format })} download>
                  {label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      {error ? (
        <Broken error={error} onAgain={() => void refetch()} />
      ) : isPending ? (
        <LoadingRows />
      ) : (
        <Scrolled name={title}>
          <table className="numbers">
            <thead>
              <tr>
                {columns.map((one) => (
                  <th key={one.name} scope="col" data-amount={isAmount(one) || undefined}>
                    {labelOf(one, names)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.campaign_id} ${row.started_at ?? ''} ${row.call_id ?? row.lead_id}`}>
                  {columns.map((one) => (
                    <td key={one.name} data-amount={isAmount(one) || undefined} dir="auto">
                      {toText(one, row[one.name])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
      {hasNextPage &&
        (may('exports') ? (
          <Button variant="default" size="xs" mt="sm" loading={isFetching} onClick={() => void fetchNextPage()}>
            {words.more}
          </Button>
        ) : (
          <Text size="xs" c="dimmed" mt="sm">
            {words.moreNotAllowed}
          </Text>
        ))}
    </Drawer>
  );

  function toText(of: Column, value: unknown): string {
    return writing.cell(
      of,
      typeof value === 'string' && !isAmount(of) ? wordOf(value, names, of) : value,
      question.zone,
    );
  }
}

/** Ids that have their name beside them. */
const hidden = new Set(['campaign_id', 'team_id']);
