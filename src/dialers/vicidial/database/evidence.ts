/** Gathers from the carrier, dial, drop and agent logs what the call log alone does not say of a call. */
import { later } from '../../local-time.ts';
import { fold } from '../../mysql/fold.ts';
import type { CallEvidence, LogRow } from '../calls.ts';
import type { CarrierWord } from '../carrier.ts';
import { readAgentRows } from './agent-rows.ts';
import { isUndated } from './period.ts';
import type { Tables } from './statements.ts';

/** What places a row of a log beside a call. */
interface Located {
  uniqueid: string | null;
  lead_id?: number | null;
  caller_code?: string | null;
}
interface CarrierRow extends Located, CarrierWord {}
interface DialRow extends Located {
  outbound_cid: string | null;
}

const hourMs = 3_600_000;
const carrierColumns = ['uniqueid', 'lead_id', 'caller_code', 'hangup_cause', 'dialstatus', 'sip_hangup_cause'];
const dialColumns = ['uniqueid', 'lead_id', 'caller_code', 'outbound_cid'];

/** What the other logs know about calls that lie close together, in the order of the calls. */
export async function readEvidence(tables: Tables, calls: readonly LogRow[]): Promise<CallEvidence[]> {
  if (calls.length === 0) return [];
  const { has, may, select, read } = tables;
  const ids = unique(calls.map(({ uniqueid }) => uniqueid));
  /** Their time, with hours before and after: where a log may have no index by id, it is searched within these. */
  const dates = calls.map(({ call_date }) => call_date).sort();
  const around = (before: number, after: number) => [
    later(dates[0]!, -before * hourMs),
    later(dates.at(-1)!, after * hourMs),
  ];

  const codes = index(await readCodes());
  const codeOf = (call: LogRow) => codes.find(call)?.caller_code ?? undefined;
  const carriers = await readCarriers();
  const drops = index(
    has('vicidial_drop_log')
      ? await read<Located>(
          select(
            'vicidial_drop_log',
            ['uniqueid', 'lead_id'],
            `(t.drop_date BETWEEN ? AND ? OR ${isUndated('drop_date')}) AND t.uniqueid IN (?)`,
            ['uniqueid', 'drop_date'],
          ),
          [...around(2, 12), ids],
        )
      : [],
  );
  const dials = await readDials();
  const cids = await readCids();
  const agentRowsOf = await readAgentRows(tables, calls);
  return calls.map((call) => {
    const code = codeOf(call);
    return {
      carrier: carriers.find(call, code),
      isInDropLog: drops.find(call) !== undefined,
      agentRows: agentRowsOf(call),
      outboundCid: dials.find(call, code)?.outbound_cid || (code ? cids.get(fold(code)) : undefined),
    };
  });

  async function readCodes(): Promise<Located[]> {
    if (!has('vicidial_log_extended')) return [];
    const columns = ['uniqueid', 'lead_id', 'caller_code'];
    return read<Located>(select('vicidial_log_extended', columns, 't.uniqueid IN (?)', ['uniqueid']), [ids]);
  }

  async function readCarriers() {
    const table = 'vicidial_carrier_log';
    if (!has(table)) return index<CarrierRow>([]);
    const found = await read<CarrierRow>(select(table, carrierColumns, 't.uniqueid IN (?)', ['uniqueid']), [ids]);
    const seen = index(found);
    const missing = unique(calls.filter((call) => !seen.find(call)).flatMap((call) => codeOf(call) ?? []));
    if (missing.length === 0 || !may(table, 'caller_code') || !may(table, 'call_date')) return seen;
    const where = 't.call_date BETWEEN ? AND ? AND t.caller_code IN (?)';
    return index([
      ...found,
      ...(await read<CarrierRow>(select(table, carrierColumns, where, ['uniqueid']), [...around(1, 6), missing])),
    ]);
  }

  /** By the dialer's code, which has an index there; those without one by their ids, within the hours in which they were dialed. */
  async function readDials() {
    const table = 'vicidial_dial_log';
    if (!has(table)) return index<DialRow>([]);
    const known = unique(calls.flatMap((call) => codeOf(call) ?? []));
    const others = unique(calls.filter((call) => !codeOf(call)).map(({ uniqueid }) => uniqueid));
    const same = ['caller_code', 'call_date'];
    const byCode = select(table, dialColumns, 't.caller_code IN (?)', same);
    const byId = select(table, dialColumns, 't.call_date BETWEEN ? AND ? AND t.uniqueid IN (?)', same);
    return index([
      ...(known.length > 0 ? await read<DialRow>(byCode, [known]) : []),
      ...(others.length > 0 && may(table, 'uniqueid') ? await read<DialRow>(byId, [...around(2, 1), others]) : []),
    ]);
  }

  async function readCids(): Promise<Map<string, string>> {
    const known = unique(calls.flatMap((call) => codeOf(call) ?? []));
    if (!has('vicidial_dial_cid_log') || known.length === 0) return new Map();
    const columns = ['caller_code', 'outbound_cid', 'call_type'];
    const found = await read<{ caller_code: string; outbound_cid: string; call_type: string | null }>(
      select('vicidial_dial_cid_log', columns, 't.caller_code IN (?)', ['caller_code', 'call_type']),
      [known],
    );
    // The third party of a transfer is called from another number.
    const own = found.filter(({ call_type }) => call_type !== '3WAY');
    return new Map(own.map((row) => [fold(row.caller_code), row.outbound_cid]));
  }
}

const unique = <Item>(items: readonly Item[]): Item[] => [...new Set(items)];

/** Finds rows of a log by call. Two servers may use one uniqueid: a row that names another lead is another call's. */
function index<Row extends Located>(rows: readonly Row[]) {
  const byId = new Map<string, Row[]>();
  const byCode = new Map<string, Row[]>();
  const put = (map: Map<string, Row[]>, key: string | null | undefined, row: Row) => {
    if (!key?.trim()) return;
    const of = map.get(fold(key)) ?? [];
    of.push(row);
    map.set(fold(key), of);
  };
  for (const row of rows) {
    put(byId, row.uniqueid, row);
    put(byCode, row.caller_code, row);
  }
  return {
    find(call: LogRow, code?: string): Row | undefined {
      const isOfLead = (row: Row) => !row.lead_id || !call.lead_id || Number(row.lead_id) === Number(call.lead_id);
      const found = byId.get(fold(call.uniqueid))?.find(isOfLead);
      return found ?? (code ? byCode.get(fold(code))?.find(isOfLead) : undefined);
    },
  };
}
