/** The columns that are read of an export; whatever else a row holds (numbers, names, addresses) is left where it is. */
export const wantedColumns = [
  'call_date',
  'status',
  'user',
  'full_name',
  'campaign_id',
  'length_in_sec',
  'user_group',
  'alt_dial',
  'lead_id',
  'called_count',
  'status_name',
  'wrapup_time',
  'queue_time',
  'uniqueid',
  'caller_code',
  'hangup_cause',
  'dialstatus',
] as const;
/** One of them. */
export type WantedColumn = (typeof wantedColumns)[number];

/** A row of an export: the columns that its layout has, or what is wrong with its fields. */
export interface ExportLine extends Partial<Record<WantedColumn, string>> {
  fault?: string;
}

/** What is wrong with a row that has too few fields. */
export const toTooFew = (count: number, width: number): string =>
  `has ${count} ${count === 1 ? 'field' : 'fields'}, not ${width}: it was cut off, or broken`;

/**
 * Whether a line is of an in-group's log. Both logs stand in one layout: an in-group's rows have their seconds in the queue, as a
 * decimal, where the others have a word as `alt_dial`; in ALTERNATE_1 they have the call's id for `called_count`.
 */
export function isOfInGroup({ alt_dial = '', queue_time = '', called_count = '' }: ExportLine): boolean {
  if (/[a-z]/i.test(alt_dial)) return false;
  return /^\d+[.]\d+$/.test(alt_dial) || /^\d+[.]\d\d$/.test(queue_time) || /^\d{9,10}[.]\d+$/.test(called_count);
}
