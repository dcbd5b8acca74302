/** What every picture is given. */
import type { Own } from '../api/queries.ts';
import type { Answer, Report } from '../api/types.ts';
import type { OnOpen } from '../table/OnOpen.ts';

/** What a picture is drawn of. */
export interface PictureProps {
  report: Report;
  answer: Answer;
  own: Own;
  /** Undefined where the role may not see the calls. */
  onOpen: OnOpen | undefined;
  /** Among others on a page: smaller, and without what only its own page has room for. */
  isSmall?: boolean;
}
