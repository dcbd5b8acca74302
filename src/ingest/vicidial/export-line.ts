/** The columns that are read of an export; whatever else a row holds (numbers, names, addresses) is left where it is. */
export const wanted = [
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
export type Wanted = (typeof wanted)[number];

/** A row of an export: the columns that its layout has, or what is wrong with its fields. */
export interface ExportLine extends Partial<Record<Wanted, string>> {
  fault?: string;
}

/** What is wrong with a row that has too few fields. */
export const toTooFew = (count: number, width: number): string =>
  `has ${count} ${count === 1 ? 'field' : 'fields'}, not ${width}: it was cut off, or broken`;
