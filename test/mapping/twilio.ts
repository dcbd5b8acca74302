/** A record as Twilio's bulk export of calls has it; what is not given is a call of one minute that the API made. */
export function toRecord(call: Record<string, unknown> & { sid: string }): Record<string, unknown> {
  return {
    account_sid: 'AC00000000000000000000000000000001',
    parent_call_sid: null,
    date_created: '2026-06-01T02:00:00Z',
    date_updated: '2026-06-01T02:02:00Z',
    to: '+84901112223',
    from: '+842871000001',
    phone_number_sid: 'PN00000000000000000000000000000001',
    status: 'completed',
    start_time: '2026-06-01T02:00:05Z',
    end_time: '2026-06-01T02:01:05Z',
    duration: '60',
    price: '-0.0300',
    direction: 'outbound-api',
    answered_by: null,
    forwarded_from: null,
    caller_name: null,
    queue_time: '0',
    trunk_sid: null,
    ...call,
  };
}

/** A day of it: a record a line. */
export const toDay = (calls: readonly (Record<string, unknown> & { sid: string })[]): string =>
  calls.map((call) => `${JSON.stringify(toRecord(call))}\n`).join('');
