/** What a story says of a leg that mod_json_cdr writes down; what is not given is an answered call of a minute. */
export interface JsonLeg {
  uuid: string;
  context?: string;
  from?: string;
  to?: string;
  cause?: string;
  /** 0 when nobody answered. */
  answeredAt?: number;
  billsec?: number;
  accountcode?: string;
  /** The leg that made this one. */
  madeBy?: string;
}

const startedAt = 1_780_279_200;

/** The document of a leg, whose variables are percent-encoded as they are by default. */
export function toDocument(leg: JsonLeg): object {
  const { context = 'default', from = '02871000001', to = '0901112223', cause = 'NORMAL_CLEARING' } = leg;
  const { answeredAt = startedAt + 5, billsec = answeredAt === 0 ? 0 : 60 } = leg;
  const variables = {
    direction: leg.madeBy === undefined ? 'inbound' : 'outbound',
    uuid: leg.uuid,
    caller_id: `"Sales" <${from}>`,
    ...(leg.accountcode !== undefined && { accountcode: leg.accountcode }),
    start_epoch: startedAt,
    start_uepoch: startedAt * 1e6,
    answer_epoch: answeredAt,
    end_epoch: startedAt + 5 + billsec,
    duration: billsec + 5,
    billsec,
    hangup_cause: cause,
    sip_full_from: `"Sales" <sip:${from}@10.0.0.1>;tag=1`,
  };
  const encode = (text: unknown) =>
    encodeURIComponent(String(text)).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return {
    'core-uuid': 'c0',
    switchname: 'switch',
    channel_data: { state: 'CS_REPORTING', direction: variables.direction, state_number: '11' },
    variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, encode(value)])),
    app_log: { applications: [{ app_name: 'bridge', app_data: `sofia/gateway/trunk/${to}` }] },
    callflow: [
      {
        dialplan: 'XML',
        profile_index: '1',
        caller_profile: {
          username: from,
          caller_id_name: 'Sales',
          caller_id_number: from,
          destination_number: to,
          uuid: leg.uuid,
          context,
          ...(leg.madeBy !== undefined && {
            originator: { originator_caller_profiles: [{ uuid: leg.madeBy, destination_number: to }] },
          }),
        },
        times: { created_time: String(startedAt * 1e6), answered_time: String(answeredAt * 1e6) },
      },
    ],
  };
}
