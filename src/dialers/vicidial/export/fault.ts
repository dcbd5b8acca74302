/** Why a row of an export is refused, told without repeating anybody's number. */
import type { RefusedRow } from '../../../ingest/refused.ts';
import type { ReadLocal } from '../../local-time.ts';
import type { ExportLine } from './line.ts';
import { toCallId } from './parts.ts';

/** What is wrong with a row of an export, by its own columns, when no call can be made of it. */
export function faultIn(line: ExportLine, readLocal: ReadLocal): RefusedRow['faults'][number] | undefined {
  if (line.fault !== undefined) return { field: '(line)', reason: line.fault };
  const { lead_id, call_date = '', campaign_id } = line;
  if (readLocal(call_date) === undefined)
    return { field: 'call_date', reason: `is ${shown(call_date)}, which is no time` };
  if (campaign_id === '') return { field: 'campaign_id', reason: 'is empty' };
  if (toCallId(line) !== '') return undefined;
  return lead_id === undefined
    ? { field: 'caller_code', reason: 'is empty, and nothing else tells this call from others' }
    : { field: 'lead_id', reason: `is ${shown(lead_id)}, and the id of the call is made of it and call_date` };
}

/** A date or a small number as it stands. Anything else may be a number of a customer that has slipped into another column. */
const shown = (text: string) => {
  if (text === '') return 'empty';
  return /^(\d{4}-\d\d-\d\d[\d: ]{0,9}|\d{1,3}([.]\d)?)$/.test(text) ? `"${text}"` : 'another text';
};
