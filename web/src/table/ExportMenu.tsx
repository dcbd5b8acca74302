/** The files of rows: links, so that the browser takes them as it takes any file. */
import { Button, Menu, Text } from '@mantine/core';
import { Icon } from '../shell/icons.tsx';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';

const formats = { csv: 'CSV', xlsx: 'Excel', ndjson: 'NDJSON', parquet: 'Parquet' } as const;
/** One of the formats of files. */
export type FileFormat = keyof typeof formats;

/** As many rows as an Excel file takes. */
const mostInExcel = 100_000;

interface ExportMenuProps {
  hrefOf(format: FileFormat): string;
  /** How many rows it will be, where that is known. */
  count?: number | undefined;
  /** What the file has, in words. */
  about: string;
}

/** The export button. */
export function ExportMenu({ hrefOf, count = 0, about }: ExportMenuProps) {
  const { words, language } = useSpoken();
  return (
    // A menu has items alone: the first of them has the focus.
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<Icon name="download" size={14} />}>
          {words.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(formats) as FileFormat[]).map((format) =>
          format === 'xlsx' && count > mostInExcel ? (
            <Menu.Item key={format} disabled>
              {formats[format]}
              <Text size="xs">{words.excelTooLong(openWriting(language).number(mostInExcel))}</Text>
            </Menu.Item>
          ) : (
            <Menu.Item key={format} component="a" href={hrefOf(format)} download>
              {formats[format]}
            </Menu.Item>
          ),
        )}
        <Text size="xs" c="dimmed" px="sm" py={4} maw={240}>
          {about}
        </Text>
      </Menu.Dropdown>
    </Menu>
  );
}
