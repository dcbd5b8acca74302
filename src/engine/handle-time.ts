/** The two sums behind average handle time, for all reports that show it. */
import { integer } from './columns.ts';

/** What average handle time is made of: hidden columns of every report that has it. */
export const handleParts = {
  handle_sec: integer('Handle time', 'Talk, hold and wrap time of answered calls', 'seconds', { figure: 'handle_sec' }),
  handled_calls: integer('Answered calls', 'Dials on which an agent talked', 'calls', { figure: 'handled' }),
};
