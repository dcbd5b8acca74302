/** Files that are dropped or chosen: what is in each, how far it is, and what became of it. */
import { ActionIcon, Button, FileButton, NativeSelect, Progress, Text, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Reconciliation } from '../api/types.ts';
import { Broken } from '../shell/Broken.tsx';
import { Icon } from '../shell/icons.tsx';
import { useSigned } from '../shell/signed-in.tsx';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';
import { useDropped } from './dropped.ts';
import { type Content, isOfSystem, partsOf, systems, tables } from './guess.ts';
import { bringIn, type DialerFacts, lookInto } from './intake.ts';
import { Reconciled } from './Reconciled.tsx';

type State =
  | { at: 'waiting' }
  | { at: 'sending'; share: number }
  | { at: 'done'; result: Reconciliation }
  | { at: 'failed'; error: unknown };

interface Item {
  id: number;
  file: File;
  content: Content | undefined;
  state: State;
}

let lastId = 0;
const orderOf = ({ content }: Item) => {
  const at = (tables as readonly string[]).indexOf(content ?? '');
  return at < 0 ? tables.length : at;
};
const isReady = ({ content, file, state }: Item) =>
  content !== undefined && partsOf(file.name).format !== undefined && (state.at === 'waiting' || state.at === 'failed');

/** The files, and what is done with them. `onDone` is told of rows that are in. */
export function Files({ onDone }: { onDone(): void }) {
  const { words } = useSpoken();
  const { me } = useSigned();
  const answers = useQueryClient();
  const [items, setItems] = useState<readonly Item[]>([]);
  const [facts, setFacts] = useState<DialerFacts>({ timezone: me.tenant.timezone, countryCode: '84' });
  const [isBusy, setBusy] = useState(false);

  const change = (id: number, changes: Partial<Item>) =>
    setItems((before) => before.map((item) => (item.id === id ? { ...item, ...changes } : item)));
  const add = async (files: readonly File[]) => {
    const added = await Promise.all(
      files.map(async (file): Promise<Item> => {
        const content = await lookInto(file).catch(() => undefined);
        return { id: ++lastId, file, content, state: { at: 'waiting' } };
      }),
    );
    setItems((before) => [...before, ...added].sort((one, other) => orderOf(one) - orderOf(other)));
  };
  useStay(isBusy);
  const isOver = useDropped((files) => void add(files));

  const send = async () => {
    setBusy(true);
    for (const { id, file, content } of items.filter(isReady)) {
      if (!content) continue;
      change(id, { state: { at: 'sending', share: 0 } });
      try {
        const onProgress = (share: number) => change(id, { state: { at: 'sending', share } });
        change(id, { state: { at: 'done', result: await bringIn(file, content, facts, onProgress) } });
      } catch (error) {
        change(id, { state: { at: 'failed', error } });
      }
    }
    setBusy(false);
    await answers.invalidateQueries();
    onDone();
  };
  const count = items.filter(isReady).length;
  return (
    <section className="card drop" data-over={isOver || undefined} data-width="whole" aria-labelledby="files">
      {isOver && (
        <div className="drop-veil" aria-hidden="true">
          <Icon name="intake" size={40} />
          {words.stepsDropHere}
        </div>
      )}
      <Title order={2} size="h5" id="files">
        {words.stepsFile}
      </Title>
      <Text size="sm" className="dimmed" mb="sm">
        {words.stepsFileAbout}
      </Text>
      <ul className="drop-files">
        {items.map((item) => (
          <FileRow
            key={item.id}
            item={item}
            onContent={(content) => change(item.id, { content })}
            onRemove={() => setItems((before) => before.filter(({ id }) => id !== item.id))}
          />
        ))}
      </ul>
      {items.some(({ content, state }) => content && isOfSystem(content) && state.at !== 'done') && (
        <Facts facts={facts} onChange={setFacts} />
      )}
      <div className="drop-acts">
        <FileButton multiple onChange={(files) => void add(files)}>
          {(props) => (
            <Button {...props} variant={items.length > 0 ? 'default' : 'filled'} disabled={isBusy}>
              {items.length > 0 ? words.stepsChooseMore : words.stepsChoose}
            </Button>
          )}
        </FileButton>
        {items.length > 0 && (
          <Button onClick={() => void send()} disabled={count === 0} loading={isBusy}>
            {words.stepsSend(count)}
          </Button>
        )}
      </div>
    </section>
  );
}

/** Warns of leaving while files are on their way. */
function useStay(isBusy: boolean): void {
  useEffect(() => {
    if (!isBusy) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isBusy]);
}

/** What a dialer's records do not say: whose clock they have, and which country their numbers are of. */
function Facts({ facts, onChange }: { facts: DialerFacts; onChange(facts: DialerFacts): void }) {
  const { words } = useSpoken();
  const { me } = useSigned();
  const zones = [...new Set([me.tenant.timezone, facts.timezone, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
  return (
    <div className="drop-facts">
      <NativeSelect
        label={words.stepsZone}
        description={words.stepsZoneAbout}
        data={zones}
        value={facts.timezone}
        onChange={({ target }) => onChange({ ...facts, timezone: target.value })}
      />
      <TextInput
        label={words.stepsCountry}
        description={words.stepsCountryAbout}
        inputMode="numeric"
        value={facts.countryCode}
        onChange={({ target }) => onChange({ ...facts, countryCode: target.value.replaceAll(/\D/g, '').slice(0, 4) })}
      />
    </div>
  );
}

interface FileRowProps {
  item: Item;
  onContent(content: Content | undefined): void;
  onRemove(): void;
}

function FileRow({ item: { file, content, state }, onContent, onRemove }: FileRowProps) {
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  const isTaken = partsOf(file.name).format !== undefined;
  const isOpen = state.at === 'waiting' || state.at === 'failed';
  return (
    <li>
      <div className="drop-file">
        <span className="drop-name">
          <bdi>{file.name}</bdi> <span className="dimmed">{writing.bytes(file.size)}</span>
        </span>
        {isTaken && (
          <NativeSelect
            size="sm"
            aria-label={`${words.stepsTable}: ${file.name}`}
            disabled={!isOpen}
            value={content ?? ''}
            onChange={({ target }) => onContent((target.value || undefined) as Content | undefined)}
          >
            <option value="">{words.stepsTable} …</option>
            <optgroup label={words.stepsOurTables}>
              {tables.map((table) => (
                <option key={table} value={table}>
                  {words[`table_${table}`]}
                </option>
              ))}
            </optgroup>
            <optgroup label={words.stepsOtherSystems}>
              {Object.entries(systems).map(([name, title]) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </optgroup>
          </NativeSelect>
        )}
        {isOpen && (
          <ActionIcon variant="subtle" color="gray" aria-label={words.stepsRemove(file.name)} onClick={onRemove}>
            <Icon name="close" size={16} />
          </ActionIcon>
        )}
      </div>
      {!isTaken && (
        <Text size="sm" c="var(--bad)" role="alert">
          {words.stepsNotTaken}
        </Text>
      )}
      {state.at === 'sending' && <OnItsWay name={file.name} share={state.share} />}
      <div role="status">{state.at === 'done' && <Reconciled result={state.result} />}</div>
      {state.at === 'failed' && <Broken error={state.error} />}
    </li>
  );
}

/** How far a file is: the bytes that have gone, then the server, which checks every row before the first one is stored. */
function OnItsWay({ name, share }: { name: string; share: number }) {
  const { words } = useSpoken();
  const text = share < 1 ? words.stepsSending(name) : words.stepsChecking;
  return (
    <div className="drop-progress">
      <Progress value={Math.max(2, share * 100)} animated={share >= 1} aria-label={text} />
      <Text size="xs" className="dimmed">
        {text}
      </Text>
    </div>
  );
}
