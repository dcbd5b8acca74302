/** A leg as Asterisk's cdr_csv writes it; what is not given is boring. */
export interface Leg {
  accountcode?: string;
  src?: string;
  dst: string;
  dcontext?: string;
  clid?: string;
  channel?: string;
  dstchannel?: string;
  start: string;
  answer?: string;
  billsec?: number;
  disposition?: string;
  uniqueid: string;
  userfield?: string;
  linkedid?: string;
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** A line of cdr_csv's Master.csv: with 21 columns, or 18 as older versions write it. */
export function toCsvLine(leg: Leg, columns: 18 | 21 = 21): string {
  const { accountcode = 'RENEWALS', src = '02871000001', dcontext = 'dialer', billsec = 0 } = leg;
  const { clid = `"Sales" <${src}>`, disposition = 'NO ANSWER', channel = '', dstchannel = '' } = leg;
  const fields = [
    ...[accountcode, src, leg.dst, dcontext, clid, channel, dstchannel, 'Dial', `PJSIP/${leg.dst}@trunk,60`],
    ...[leg.start, leg.answer ?? '', leg.start],
  ].map(quoted);
  const rest = [quoted(disposition), quoted('DOCUMENTATION'), quoted(leg.uniqueid), quoted(leg.userfield ?? '')];
  const newer = columns === 21 ? [quoted(''), quoted(leg.linkedid ?? leg.uniqueid), '7'] : [];
  return `${[...fields, String(billsec + 5), String(billsec), ...rest, ...newer].join(',')}\n`;
}

/** The same leg as cdr_custom's usual template writes it. */
export function toCustomLine(leg: Leg): string {
  const { accountcode = 'RENEWALS', src = '02871000001', dcontext = 'dialer', billsec = 0 } = leg;
  const { clid = `"Sales" <${src}>`, disposition = 'NO ANSWER' } = leg;
  const fields = [
    ...[clid, src, leg.dst, dcontext, 'Local/1@dialer', 'PJSIP/trunk-1', 'Dial', `PJSIP/${leg.dst}@trunk,60`],
    ...[leg.start, leg.answer ?? '', leg.start, String(billsec + 5), String(billsec), disposition, 'DOCUMENTATION'],
    ...[accountcode, leg.uniqueid, leg.userfield ?? '', '7'],
  ];
  return `${fields.map(quoted).join(',')}\n`;
}

/**
 * Thirty-six calls of 84 legs, as a busy exchange writes them: the legs of one call lie between those of others, two are NO
 * ANSWER with seconds that were billed, and seven ANSWERED without any.
 */
export function busyHour(): Leg[] {
  const legs: Leg[] = [];
  const time = (second: number) =>
    `2026-06-01 09:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`;
  // Nine o'clock in Ho Chi Minh City.
  const idOf = (second: number, place: number) => `${Date.UTC(2026, 5, 1, 2) / 1000 + second}.${place}`;
  for (let call = 0; call < 36; call++) {
    const count = call < 12 ? 4 : call < 24 ? 2 : 1;
    for (let leg = 0; leg < count; leg++) {
      const place = call * 4 + leg;
      const disposition = ['NO ANSWER', 'ANSWERED', 'BUSY', 'FAILED', 'CONGESTION'][(call + leg * 3) % 5] ?? '';
      const second = (call * 53 + leg * 17) % 3600;
      legs.push({
        dst: `09${String(10_000_000 + call)}`,
        start: time(second),
        uniqueid: idOf(second, place),
        linkedid: idOf((call * 53) % 3600, call * 4),
        disposition,
        billsec: disposition === 'ANSWERED' ? 10 + place : 0,
      });
    }
  }
  let [billed, unbilled] = [0, 0];
  for (const leg of legs) {
    if (leg.disposition === 'NO ANSWER' && billed < 2) {
      leg.billsec = 3;
      billed++;
    } else if (leg.disposition === 'ANSWERED' && unbilled < 7) {
      leg.billsec = 0;
      unbilled++;
    }
  }
  // In the order in which they ended, not in that of the calls.
  return legs.sort((one, other) => (one.uniqueid.at(-1)! + one.start < other.uniqueid.at(-1)! + other.start ? -1 : 1));
}
