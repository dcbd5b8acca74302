import { expect, test } from 'vitest';
import { openLocalTime, toWallClock } from '../../../src/dialers/local-time.ts';
import { toDefaultStatuses } from '../../../src/dialers/vicidial/export/default-statuses.ts';
import { type Evidence, type Overrides, toEnding } from '../../../src/dialers/vicidial/outcome.ts';
import { toStatusBook } from '../../../src/dialers/vicidial/statuses.ts';

const book = toDefaultStatuses(new Map([['OURS', 'Of our own']]));
const none: Overrides = new Map();

function outcomeOf(code: string, more: Partial<Evidence> = {}, overrides = none): string {
  const status = book.find('TELE', code);
  const evidence = { campaign: 'TELE', code, status, isInDropLog: false, agentTalkSec: 0, carrier: undefined, ...more };
  const { outcome, block_reason } = toEnding(evidence, overrides);
  return block_reason ? `${outcome} (${block_reason})` : outcome;
}

test.each([
  // Flagged as answered by a human, whether or not an agent came.
  ['TIMEOT', {}, 'answered'],
  ['DEC', { agentTalkSec: 3 }, 'answered'],
  ['SALE', { isInDropLog: true }, 'abandoned'],
  ['XDROP', {}, 'abandoned'],
  // Machines by flag, and the two that lack it.
  ['AM', { agentTalkSec: 9 }, 'machine'],
  ['AFAX', { carrier: { dialstatus: 'ANSWER' } }, 'machine'],
  // A list stopped it, unless it was dialed after all.
  ['DNCC', {}, 'blocked (dnc)'],
  ['DNCC', { carrier: { dialstatus: 'BUSY' } }, 'busy'],
  ['DNCL', { agentTalkSec: 20 }, 'answered'],
  // A site's own status without a flag.
  ['OURS', { agentTalkSec: 1 }, 'answered'],
  ['OURS', {}, 'no_answer'],
  ['OURS', { carrier: { dialstatus: 'ANSWER', hangup_cause: 16 } }, 'machine'],
  // An agent who listens to the line says that nobody was reached.
  ['DC', { agentTalkSec: 9 }, 'failed'],
  ['N', { agentTalkSec: 9, carrier: { dialstatus: 'ANSWER' } }, 'no_answer'],
  ['N', { carrier: { dialstatus: 'CANCEL', hangup_cause: 17 } }, 'busy'],
  // The carrier's cause, then SIP's, then the word for both.
  ['NA', { carrier: { hangup_cause: 20, dialstatus: 'CHANUNAVAIL' } }, 'no_answer'],
  ['NA', { carrier: { hangup_cause: 16, sip_hangup_cause: 486 } }, 'busy'],
  ['NA', { carrier: { sip_hangup_cause: 503, dialstatus: 'NOANSWER' } }, 'failed'],
  ['NA', { carrier: { dialstatus: 'chanunavail ' } }, 'failed'],
  ['HUC38', {}, 'failed'],
  ['HUC17', { carrier: { dialstatus: 'CONGESTION' } }, 'busy'],
  ['PM', {}, 'machine'],
  ['', {}, 'no_answer'],
])('%s with %j is %s', (code, more, outcome) => {
  expect(outcomeOf(code, more)).toBe(outcome);
});

test('what the tenant decided comes first, for a campaign before for all', () => {
  const overrides: Overrides = new Map([
    ['timeot', 'abandoned'],
    ['tele/timeot', 'blocked'],
  ]);
  expect(outcomeOf('TIMEOT', {}, overrides)).toBe('blocked (other)');
  expect(outcomeOf('timeot ', { campaign: 'OTHER' }, overrides)).toBe('abandoned');
});

test('a campaign\u2019s own status is in force for its calls; of a code that only campaigns have, the first is the row', () => {
  const own = toStatusBook([
    { status: 'B', status_name: 'Busy' },
    { status: 'B', campaign_id: 'RENEW', status_name: 'Booked', sale: 'Y' },
    { status: 'Int', campaign_id: 'Z', status_name: 'Late' },
    { status: 'INT', campaign_id: 'A', status_name: 'First' },
  ]);
  expect(own.find('renew', 'b')).toMatchObject({ label: 'Booked', sale: true, isOfCampaign: true });
  expect(own.find('TELE', 'B')).toMatchObject({ label: 'Busy', sale: false });
  expect(own.all.map(({ code, label }) => [code, label])).toEqual([
    ['B', 'Busy'],
    ['INT', 'First'],
  ]);
});

test.each([
  ['America/New_York', '2024-11-03 00:59:59', '2024-11-03T04:59:59.000Z'],
  ['America/New_York', '2024-11-03 01:30:00', '2024-11-03T05:30:00.000Z'],
  ['America/New_York', '2024-11-03 02:00:00', '2024-11-03T07:00:00.000Z'],
  ['America/New_York', '2025-03-09 02:30:00', '2025-03-09T07:30:00.000Z'],
  ['Australia/Lord_Howe', '2025-04-06 01:59:00', '2025-04-05T14:59:00.000Z'],
  ['Asia/Kathmandu', '2025-01-01 00:00:00', '2024-12-31T18:15:00.000Z'],
  ['Asia/Ho_Chi_Minh', '2025-01-01 07:00:00', '2025-01-01T00:00:00.000Z'],
  ['+07:00', '2025-01-01 07:00:00', '2025-01-01T00:00:00.000Z'],
])('in %s the clock shows %s at %s', (zone, local, instant) => {
  expect(new Date(openLocalTime(zone)(local) ?? 0).toISOString()).toBe(instant);
});

test('a wall clock that is none is no instant', () => {
  const read = openLocalTime('UTC');
  expect(['0000-00-00 00:00:00', '', null, '2024-13-01 00:00:00', 'soon'].map(read)).toEqual(Array(5).fill(undefined));
  expect(toWallClock(Date.parse('2024-11-03T06:30:00Z'), 'America/New_York')).toBe('2024-11-03 01:30:00');
});
