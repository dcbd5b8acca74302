import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

const outcomes = [
  'answered',
  'answered',
  'answered',
  'no_answer',
  'no_answer',
  'busy',
  'failed',
  'machine',
  'abandoned',
  'blocked',
];
const codes = ['sale', 'not_interested', 'callback', 'no_answer'];

/** The first day of the generated calls, and how many days they cover. */
export const span = { from: Date.UTC(2026, 5, 1), days: 90 };

/** Writes a CSV of calls, the same for the same number, as a dialer would export them. */
export async function writeCalls(path: string, calls: number): Promise<void> {
  let seed = 12_345;
  const draw = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const file = createWriteStream(path);
  const columns =
    'call_id,campaign_id,lead_id,agent_id,team_id,cid,started_at,outcome,block_reason,talk_sec,hold_sec,wrap_sec,disposition_code,is_conversion,updated_at\n';
  let chunk = columns;
  for (let n = 0; n < calls; n++) {
    const at = new Date(span.from + Math.floor((n / calls) * span.days * 86_400_000)).toISOString();
    const outcome = outcomes[draw(outcomes.length)];
    const isAnswered = outcome === 'answered';
    const seconds = isAnswered ? `${draw(400)},${draw(20)},${draw(60)},${codes[draw(codes.length)]}` : '0,0,0,';
    chunk += `c-${n},${1 + draw(20)},${1 + draw(2_000_000)},${1 + draw(300)},,0900${1000 + draw(50)},${at},${outcome},${outcome === 'blocked' ? 'pdpl' : ''},${seconds},,${at}\n`;
    if (chunk.length > 1_000_000) {
      if (!file.write(chunk)) await once(file, 'drain');
      chunk = '';
    }
  }
  file.end(chunk);
  await finished(file);
}
