/** Whether the page is too narrow for columns beside each other, as the style sheets have it. */
import { useMediaQuery } from '@mantine/hooks';

/** Whether it is narrow now, known before anything is drawn. */
export const useIsNarrow = (): boolean | undefined =>
  useMediaQuery('(max-width: 60em)', undefined, { getInitialValueInEffect: false });
