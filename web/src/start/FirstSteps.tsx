/** First steps: how an empty tenant gets its first numbers, by a file, a dialer's database, or the demo; later, how data comes in. */
import './start.css';
import { Button, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { askJson, toQuery } from '../api/client.ts';
import type { Answer } from '../api/types.ts';
import { dateIn } from '../question/dates.ts';
import { rangeReaching } from '../question/ranges.ts';
import { useSigned } from '../shell/signed-in.tsx';
import { useToday } from '../shell/today.ts';
import { useSpoken, useWords } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';
import { Command } from './Command.tsx';
import { Files } from './Files.tsx';

/** The page at `/start`. */
export function FirstSteps() {
  const { words, language } = useSpoken();
  const { me, may } = useSigned();
  const { data: last, refetch } = useLastCall();
  const writing = openWriting(language);
  const hasCalls = typeof last === 'string';
  return (
    <>
      <header className="head">
        <Title order={1} size="h3">
          {hasCalls || !may('reports') ? words.firstSteps : words.stepsTitle}
        </Title>
        <Text size="sm" className="dimmed">
          {hasCalls ? words.stepsLast(writing.instant(last, me.tenant.timezone)) : words.stepsAbout(me.tenant.name)}
        </Text>
        {hasCalls && <ToNumbers last={last} />}
      </header>
      {may('ingest') ? <Ways onDone={() => void refetch()} /> : <NotYours />}
    </>
  );
}

/** When the tenant's last call began; null: there is none. */
function useLastCall() {
  const { me, may, reports } = useSigned();
  const path = reports.find(({ name }) => name === 'dashboard')?.path;
  const today = dateIn(me.tenant.timezone, Date.now());
  return useQuery({
    queryKey: ['answer', 'last call', today],
    queryFn: async ({ signal }) => {
      const query = toQuery({ date_from: today, date_to: today, timezone: me.tenant.timezone, with: 'about' });
      const { about } = await askJson<Answer>(`${path}?${query}`, { signal });
      return about.data_until.last_call_at;
    },
    enabled: may('reports') && path !== undefined,
  });
}

/** The way to the overview, over days that have calls. */
function ToNumbers({ last }: { last: string }) {
  const words = useWords();
  const { me } = useSigned();
  const zone = me.tenant.timezone;
  const range = rangeReaching(dateIn(zone, Date.parse(last)), useToday(zone));
  return (
    <Button mt="sm" renderRoot={(props) => <Link {...props} to="/" search={{ range } as never} />}>
      {words.stepsDone}
    </Button>
  );
}

function NotYours() {
  const words = useWords();
  return (
    <div className="nothing-here">
      <Title order={2} size="h4">
        {words.refused}
      </Title>
      <Text className="dimmed">{words.stepsNotYours}</Text>
    </div>
  );
}

function Ways({ onDone }: { onDone(): void }) {
  const words = useWords();
  const { me, may } = useSigned();
  const there = `--url ${location.origin} --token-file token.txt`;
  const id = me.tenant.tenant_id;
  return (
    <div className="cards">
      <Files onDone={onDone} />
      <Way title={words.stepsDialer} about={words.stepsDialerAbout}>
        {may('tokens') && (
          <Step label={words.stepsToken} text={`dialtally token create --tenant ${id} --role ingest > token.txt`} />
        )}
        <Step
          label="VICIdial"
          text={`dialtally sync vicidial --source mysql://USER@HOST/asterisk --password-file password.txt --every 60s ${there}`}
        />
        <Step
          label="Asterisk"
          text={`dialtally sync asterisk --source mysql://USER@HOST/asteriskcdrdb --password-file password.txt --every 60s ${there}`}
        />
        <Step label={words.stepsDirectory} text={`dialtally import ./export ${there}`} />
      </Way>
      <Way title={words.stepsDemo} about={words.stepsDemoAbout}>
        <Step label={words.stepsDemoMake} text="dialtally demo" />
        <Step label={words.stepsDemoOpen} text="dialtally sign-in --tenant 9" />
      </Way>
    </div>
  );
}

/** One way that rows come in, with its steps. */
const Way = ({ title, about, children }: { title: string; about: string; children: ReactNode }) => (
  <section className="card">
    <Title order={2} size="h5">
      {title}
    </Title>
    <Text size="sm" className="dimmed" mb="sm">
      {about}
    </Text>
    {children}
  </section>
);

const Step = ({ label, text }: { label: string; text: string }) => (
  <>
    <Text size="sm" fw={600} mt="xs" mb={4}>
      {label}
    </Text>
    <Command text={text} />
  </>
);
