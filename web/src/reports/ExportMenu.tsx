/** The files of a report: links, so that the browser takes them as it takes any file. */
import { Button, Menu, Text } from '@mantine/core';
import { isAskable, type Own, reportUrl, takes } from '../api/queries.ts';
import type { Report } from '../api/types.ts';
import type { Question } from '../question/view.ts';
import { useSearch } from '../shell/address.ts';
import { Icon } from '../shell/icons.tsx';
import { useSigned } from '../shell/signed-in.tsx';
import { useWords } from '../words/spoken.tsx';

const formats = { csv: 'CSV', xlsx: 'Excel', ndjson: 'NDJSON', parquet: 'Parquet' } as const;

/** The export button, for whoever may. */
export function ExportMenu({ report, question, own }: { report: Report; question: Question; own: Own }) {
  const words = useWords();
  const { may } = useSigned();
  const search = useSearch();
  if (!may('exports') || !isAskable(report, question)) return null;
  const compare = takes(report, 'compare') ? question.compare : undefined;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<Icon name="download" size={14} />}>
          {words.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(formats).map(([format, label]) => (
          <Menu.Item
            key={format}
            component="a"
            href={reportUrl(report, question, { door: '/export', own: { ...own, compare, format } })}
            download
          >
            {label}
          </Menu.Item>
        ))}
        <Text size="xs" c="dimmed" px="sm" py={4} maw={240}>
          {words.exportAbout} {(search.q || search.sort) && words.exportNotSorted}
        </Text>
      </Menu.Dropdown>
    </Menu>
  );
}
