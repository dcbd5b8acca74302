/** What statuses mean in an export, which has no flags: as VICIdial defines them when it is new. */
import { type StatusBook, type StatusRow, toStatusBook } from '../statuses.ts';

// What a VICIdial comes with. An export file has no flags, and most sites keep these as they are.
const humanAnswered =
  'DROP XDROP CALLBK CBHOLD DEC DNC SALE NI NP XFER RQXFER TIMEOT AFTHRS NANQUE IQNANQ PDROP IVRXFR SVYCLM MLINAT MAXCAL LRERR QCFAIL';
const customerContact = 'CALLBK CBHOLD DEC NI XFER QCFAIL';
const without = 'NEW QUEUE INCALL NA AA AB B N PU PM ERI ADCT DAIR LSMERG DC ADC AFAX DNCL DNCC A AM AL';

/** The statuses of a VICIdial that nobody has changed, with the names that a file gives to its codes. */
export function toDefaultStatuses(names: ReadonlyMap<string, string>): StatusBook {
  const list = (codes: string) => codes.split(' ');
  const is = (codes: string, code: string) => (list(codes).includes(code) ? 'Y' : 'N');
  const known = list(`${humanAnswered} ${without}`);
  const codes = [...new Set([...known, ...names.keys()])];
  return toStatusBook(
    codes.map(
      (code): StatusRow => ({
        status: code,
        status_name: names.get(code) ?? null,
        human_answered: is(humanAnswered, code),
        customer_contact: is(customerContact, code),
        sale: is('SALE', code),
        dnc: is('DNC DNCL DNCC', code),
        scheduled_callback: is('CALLBK CBHOLD QCFAIL', code),
        answering_machine: is('A AM AL', code),
      }),
    ),
  );
}
