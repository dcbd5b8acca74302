/** An address that leads to no page. */
import { Button, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useWords } from '../words/spoken.tsx';

/** Says so, and shows the way back. */
export function NotFound() {
  const words = useWords();
  return (
    <div className="nothing-here">
      <Title order={1} size="h3">
        {words.notFound}
      </Title>
      <Text className="dimmed">{words.notFoundAbout}</Text>
      <Button variant="default" renderRoot={(props) => <Link {...props} to="/" />}>
        {words.toOverview}
      </Button>
    </div>
  );
}
