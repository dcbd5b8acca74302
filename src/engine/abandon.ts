/** What an abandon rate is held to, and the exact comparisons with its limit. */
import { type Sql, sql } from '../sql.ts';
import { tables } from '../tables.ts';

export const minuteMs = 60_000;

/** What a campaign's abandon rate is held to. */
export interface AbandonTerms {
  name: string;
  status: string;
  /** The allowed rate in millionths of a percent: it compares exactly. */
  limit_millionths: number;
  window_minutes: number;
  /** What `attempts_total` counts: dials, or calls answered live by a person. */
  basis: 'attempts' | 'live_answers';
}

/** The terms of a row of `campaigns`, as columns: FROM ${campaigns} AS known. */
export const termColumns = sql`known.name AS name, known.status AS status, known.abandon_window_minutes AS window_minutes,
  known.abandon_basis AS basis, toInt64(toDecimal64(known.abandon_limit_pct, 6) * 1000000) AS limit_millionths`;

const { status, abandon_limit_pct, abandon_window_minutes, abandon_basis } = tables.campaigns.columns;

/** The terms of a campaign that only calls name. */
export function termsOf(campaignId: number): AbandonTerms {
  return {
    name: `Campaign ${campaignId}`,
    status: status.default,
    limit_millionths: Number(abandon_limit_pct.default) * 1_000_000,
    window_minutes: Number(abandon_window_minutes.default),
    basis: abandon_basis.default,
  };
}

/** Reads the terms of one campaign: its row's, else the defaults. */
export async function readTerms(
  query: <Row>(statement: Sql) => Promise<Row[]>,
  campaigns: Sql,
  campaignId: number,
): Promise<AbandonTerms> {
  const [found] = await query<AbandonTerms>(
    sql`SELECT ${termColumns} FROM ${campaigns} AS known WHERE known.campaign_id = {campaign:UInt64}`.bind({
      campaign: campaignId,
    }),
  );
  return found ?? termsOf(campaignId);
}

// abandoned / total x 100 against millionths of a percent, in whole numbers.
const scaled = (abandoned: number) => 100_000_000n * BigInt(abandoned);

/** Whether abandoned / total x 100 is above the limit. */
export function isOverLimit(abandoned: number, total: number, limitMillionths: number): boolean {
  return scaled(abandoned) > BigInt(limitMillionths) * BigInt(total);
}

/** Whether abandoned / total x 100 is at 80 % of the limit or above; never without an abandoned call. */
export function isNearLimit(abandoned: number, total: number, limitMillionths: number): boolean {
  return abandoned > 0 && 10n * scaled(abandoned) >= 8n * BigInt(limitMillionths) * BigInt(total);
}

/** The largest n >= 0 with 100 x (abandoned + n) <= limit x (total + n), 0 when breached. */
export function moreAllowed(abandoned: number, total: number, limitMillionths: number): number {
  const limit = BigInt(limitMillionths);
  const room = limit * BigInt(total) - scaled(abandoned);
  return room < 0n ? 0 : Number(room / (100_000_000n - limit));
}
