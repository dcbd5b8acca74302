/** The wall screen: one picture after the other, large, with nothing to click but the way back. */
import { Anchor, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { isAskable, type Own, useAnswer } from '../api/queries.ts';
import type { Report } from '../api/types.ts';
import { pictureFor } from '../pictures/kinds.tsx';
import { Head } from '../reports/Head.tsx';
import { useSpoken } from '../words/spoken.tsx';
import { questionOf } from '../words/titles.ts';
import { useSearch, useView } from './address.ts';
import { Broken } from './Broken.tsx';
import { useSigned } from './signed-in.tsx';

const usualSec = 20;

/** The page at `/wall`: every report that has a picture and can be asked, each for some seconds (`?each=20`). */
export function Wall() {
  const { words } = useSpoken();
  const { question } = useView();
  const { reports } = useSigned();
  const search = useSearch();
  const [index, setIndex] = useState(0);
  const shown = reports.filter((report) => report.picture.kind !== 'table' && isAskable(report, question));
  const everySec = Math.max(3, Number(search.each) || usualSec);
  useEffect(() => {
    document.body.dataset.wall = '';
    const timer = setInterval(() => setIndex((before) => before + 1), everySec * 1000);
    return () => {
      clearInterval(timer);
      delete document.body.dataset.wall;
    };
  }, [everySec]);
  const report = shown[index % Math.max(1, shown.length)];
  return (
    <div className="wall">
      {report && <Slide key={report.name} report={report} />}
      <Text size="xs" c="dimmed" mt="md">
        <Anchor renderRoot={(props) => <Link {...props} to="/" search={true as never} />}>{words.toOverview}</Anchor>
      </Text>
    </div>
  );
}

function Slide({ report }: { report: Report }) {
  const { names } = useSpoken();
  const { question } = useView();
  const own: Own = report.parameters.some(({ name }) => name === 'fill') ? { fill: 'zero' } : {};
  const { data: answer, error } = useAnswer(report, question, own);
  const { Picture } = pictureFor(report);
  return (
    <>
      <Head title={questionOf(report, names)} question={question} answer={answer} />
      {error && <Broken error={error} />}
      {answer ? (
        <Suspense>
          <Picture report={report} answer={answer} own={own} onOpen={undefined} />
        </Suspense>
      ) : (
        <Title order={2}>…</Title>
      )}
    </>
  );
}
