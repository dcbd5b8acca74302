/** What the carrier said of an attempt: `vicidial_carrier_log`. */
export interface CarrierWord {
  dialstatus?: string | null | undefined;
  hangup_cause?: number | string | null | undefined;
  sip_hangup_cause?: number | string | null | undefined;
}

type NotReached = 'busy' | 'no_answer' | 'rejected' | 'failed';

// ITU-T Q.850. 16 (normal clearing) and 31 say nothing about why: they are left out.
const causes: Record<number, NotReached> = {
  17: 'busy',
  18: 'no_answer',
  19: 'no_answer',
  20: 'no_answer',
  21: 'rejected',
};
const failedCauses = [1, 2, 3, 22, 27, 28, 29, 34, 38, 41, 42, 44, 47, 50, 57, 58, 63, 65, 79, 88, 102, 111, 127];

const sipCauses: Record<number, NotReached> = {
  403: 'rejected',
  408: 'no_answer',
  480: 'no_answer',
  486: 'busy',
  487: 'no_answer',
  600: 'busy',
  603: 'rejected',
  607: 'rejected',
  608: 'rejected',
};

const dialStatuses: Record<string, NotReached> = {
  BUSY: 'busy',
  NOANSWER: 'no_answer',
  CANCEL: 'no_answer',
  CONGESTION: 'failed',
  CHANUNAVAIL: 'failed',
  INVALIDARGS: 'failed',
};

/** Why the carrier did not reach anybody; undefined when it does not say. The cause is the finer word, so it comes first. */
export function readCarrier(word: CarrierWord | undefined): NotReached | undefined {
  if (!word) return undefined;
  return (
    ofCause(Number(word.hangup_cause ?? 0)) ??
    ofSip(Number(word.sip_hangup_cause ?? 0)) ??
    dialStatuses[(word.dialstatus ?? '').trim().toUpperCase()]
  );
}

/** Whether the carrier says that the call was picked up. */
export function isPickedUp(word: CarrierWord | undefined): boolean {
  return (word?.dialstatus ?? '').trim().toUpperCase() === 'ANSWER';
}

/** The same for a cause alone. */
export function ofCause(cause: number): NotReached | undefined {
  return causes[cause] ?? (failedCauses.includes(cause) ? 'failed' : undefined);
}

function ofSip(cause: number): NotReached | undefined {
  return sipCauses[cause] ?? (cause >= 400 && cause < 700 ? 'failed' : undefined);
}
