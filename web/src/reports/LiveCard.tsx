/** A live report on the overview, where no campaign is chosen: of one that runs, until another is chosen here. */
import { Select, Skeleton, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNames, useRows } from '../api/queries.ts';
import type { About, Report } from '../api/types.ts';
import { pictureFor } from '../pictures/kinds.tsx';
import type { Question } from '../question/view.ts';
import { useSearch, useSetSearch } from '../shell/address.ts';
import { useSigned } from '../shell/signed-in.tsx';
import { rowsOf } from '../table/rows.ts';
import { useWords } from '../words/spoken.tsx';
import { Answered } from './Answered.tsx';
import { liveCampaign } from './asked.ts';

interface LiveCardProps {
  report: Report;
  question: Question;
  about: About | undefined;
}

/** The picture, below the choice of its campaign. */
export function LiveCard({ report, question, about }: LiveCardProps) {
  const words = useWords();
  const search = useSearch();
  const setSearch = useSetSearch();
  const start = useSigned();
  const known = liveCampaign(question, search, start);
  const [isWanted, { open }] = useDisclosure(false);
  // Their names are asked for when somebody wants to choose, or where the server knows none to begin with.
  const { data: campaigns } = useNames('campaigns', { enabled: isWanted || known === undefined });
  const chosen = known ?? campaigns?.[0]?.id;
  const asked = useRows(report, { ...question, campaign: chosen });
  const { Picture } = pictureFor(report);
  if (campaigns?.length === 0) return <Text c="dimmed">{words.chooseCampaignAbout}</Text>;
  const name = asked.data && rowsOf(report, asked.data.data)[0]?.campaign_name;
  const listed = (campaigns ?? []).map((one) => ({ value: String(one.id), label: one.name }));
  const isListed = listed.some(({ value }) => value === String(chosen));
  const present = chosen === undefined || isListed ? [] : [{ value: String(chosen), label: String(name ?? '') }];
  const waiting = <Skeleton className="card-waiting" data-kind={report.picture.kind} />;
  return (
    <>
      <Select
        size="xs"
        mb="sm"
        aria-label={words.campaign}
        data={[...present, ...listed]}
        value={chosen === undefined ? null : String(chosen)}
        onChange={(value) => setSearch({ live: value ?? undefined }, { replace: true })}
        onDropdownOpen={open}
        limit={100}
        searchable
        allowDeselect={false}
      />
      <Answered asked={asked} waiting={waiting}>
        {({ data }) =>
          about ? <Picture report={report} answer={{ data, about }} own={{}} isSmall onOpen={undefined} /> : waiting
        }
      </Answered>
    </>
  );
}
