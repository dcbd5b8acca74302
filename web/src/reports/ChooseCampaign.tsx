/** A report that is about one campaign, and none is chosen: here they are. */
import { Button, Skeleton } from '@mantine/core';
import { useNames } from '../api/queries.ts';
import { useView } from '../shell/address.ts';
import { Broken } from '../shell/Broken.tsx';
import { useWords } from '../words/spoken.tsx';
import { Empty } from './EmptyWindow.tsx';

// More are found faster in the filter bar.
const most = 24;

/** The campaigns to choose from. */
export function ChooseCampaign() {
  const words = useWords();
  const { view, setView } = useView();
  const { data: campaigns, error, refetch } = useNames('campaigns');
  if (error) return <Broken error={error} onAgain={() => void refetch()} />;
  return (
    <Empty title={words.chooseCampaign} about={words.chooseCampaignAbout}>
      {campaigns ? (
        campaigns.slice(0, most).map(({ id, name }) => (
          <Button key={id} variant="default" maw={320} onClick={() => setView({ ...view, campaign: id })} title={name}>
            <bdi>{name}</bdi>
          </Button>
        ))
      ) : (
        <Skeleton height={36} width={320} />
      )}
    </Empty>
  );
}
