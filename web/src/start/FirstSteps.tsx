/** First steps: how an empty tenant gets its first numbers, by the demo, a file, or a dialer's database. */
import { Button, Code, CopyButton, FileButton, Group, Select, Stack, Table, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type DragEvent, useState } from 'react';
import { Broken } from '../shell/Broken.tsx';
import { useSigned } from '../shell/signed-in.tsx';
import { useSpoken, useWords } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';
import { bringIn, type Content, guessContent, type Reconciliation, systems, tables } from './intake.ts';

/** The page at `/start`. */
export function FirstSteps() {
  const words = useWords();
  const { me } = useSigned();
  const here = location.origin;
  return (
    <>
      <Title order={1} size="h3" mb="md">
        {words.stepsTitle}
      </Title>
      <div className="cards">
        <FileCard zone={me.tenant.timezone} />
        <section className="card">
          <Title order={2} size="h5">
            {words.stepsDialer}
          </Title>
          <Text size="sm" c="dimmed" mb="sm">
            {words.stepsDialerAbout}
          </Text>
          <Command
            text={`dialtally sync vicidial --source mysql://USER@HOST/asterisk --url ${here} --token-file token.txt`}
          />
          <Command
            text={`dialtally sync asterisk --source mysql://USER@HOST/asteriskcdrdb --url ${here} --token-file token.txt`}
          />
        </section>
        <section className="card">
          <Title order={2} size="h5">
            {words.stepsDemo}
          </Title>
          <Text size="sm" c="dimmed" mb="sm">
            {words.stepsDemoAbout}
          </Text>
          <Command text="dialtally demo" />
          <Command text="dialtally sign-in --tenant 9" />
        </section>
      </div>
    </>
  );
}

/** A command to paste. */
function Command({ text }: { text: string }) {
  const words = useWords();
  return (
    <Group gap="xs" wrap="nowrap" mb={6}>
      <Code block style={{ flex: 1, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {text}
      </Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="xs" variant="default" onClick={copy} aria-live="polite">
            {copied ? words.copied : words.copy}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}

type State =
  | { at: 'waiting' }
  | { at: 'sending' }
  | { at: 'done'; result: Reconciliation }
  | { at: 'failed'; error: unknown };

function FileCard({ zone }: { zone: string }) {
  const words = useWords();
  const answers = useQueryClient();
  const [file, setFile] = useState<File>();
  const [content, setContent] = useState<Content>();
  const [state, setState] = useState<State>({ at: 'waiting' });
  const [isOver, setOver] = useState(false);

  const choose = async (chosen: File | null | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    setState({ at: 'waiting' });
    setContent(await guessContent(chosen).catch(() => undefined));
  };
  const send = async () => {
    if (!file || !content) return;
    setState({ at: 'sending' });
    try {
      setState({ at: 'done', result: await bringIn(file, content, zone) });
      await answers.invalidateQueries();
    } catch (error) {
      setState({ at: 'failed', error });
    }
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void choose(event.dataTransfer.files[0]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button in it does the same.
    <section
      className="card drop"
      data-over={isOver || undefined}
      data-width="whole"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <Title order={2} size="h5">
        {words.stepsFile}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {words.stepsFileAbout}
      </Text>
      <Group align="end">
        <FileButton onChange={(chosen) => void choose(chosen)}>
          {(props) => (
            <Button {...props} variant={file ? 'default' : 'filled'}>
              {file?.name ?? words.stepsChoose}
            </Button>
          )}
        </FileButton>
        {file && (
          <Select
            label={words.stepsTable}
            data={[
              { group: 'Dialtally', items: tables.map((table) => ({ value: table, label: table })) },
              {
                group: 'Dialer',
                items: Object.entries(systems).map(([value, { title }]) => ({ value, label: title })),
              },
            ]}
            value={content ?? null}
            onChange={(value) => setContent((value ?? undefined) as Content | undefined)}
          />
        )}
        {file && (
          <Button onClick={() => void send()} disabled={!content} loading={state.at === 'sending'}>
            {words.firstSteps}
          </Button>
        )}
      </Group>
      {state.at === 'failed' && <Broken error={state.error} />}
      {state.at === 'done' && <Result result={state.result} />}
    </section>
  );
}

/** What became of a file: nothing is lost without a word. */
function Result({ result }: { result: Reconciliation }) {
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  const { rows_read, taken_in, refused, unknown_columns = [], first_refused = [] } = result;
  return (
    <Stack mt="md" gap="xs" role="status">
      <Text>
        {words.rowsRead}: <b>{writing.number(rows_read)}</b> · {words.rowsTaken}: <b>{writing.number(taken_in)}</b> ·{' '}
        {words.rowsRefused}: <b>{writing.number(refused)}</b>
      </Text>
      {unknown_columns.length > 0 && (
        <Text size="sm" c="dimmed">
          {words.rowsUnknownColumns}: {unknown_columns.join(', ')}
        </Text>
      )}
      {first_refused.length > 0 && (
        <Table striped>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.line}</Table.Th>
              <Table.Th>{words.field}</Table.Th>
              <Table.Th>{words.reason}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {first_refused.slice(0, 20).flatMap(({ line, faults }) =>
              faults.map(({ field, reason }) => (
                <Table.Tr key={`${line} ${field}`}>
                  <Table.Td>{writing.number(line)}</Table.Td>
                  <Table.Td>{field}</Table.Td>
                  <Table.Td>{reason}</Table.Td>
                </Table.Tr>
              )),
            )}
          </Table.Tbody>
        </Table>
      )}
      {taken_in > 0 && (
        <Group>
          <Button renderRoot={(props) => <Link {...props} to="/" />}>{words.stepsDone}</Button>
        </Group>
      )}
    </Stack>
  );
}
