import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { guessContent, partsOf, tables } from '../../../web/src/start/guess.ts';
import { adapt } from '../../../web/src/start/intake.ts';

describe('what is in a file', () => {
  test.each([
    ['calls.csv', { stem: 'calls', format: 'csv', isPacked: false }],
    ['Calls.CSV.GZ', { stem: 'calls', format: 'csv', isPacked: true }],
    ['leads.jsonl', { stem: 'leads', format: 'ndjson', isPacked: false }],
    ['agents.parquet', { stem: 'agents', format: 'parquet', isPacked: false }],
    ['Master', { stem: 'master', format: 'csv', isPacked: false }],
    ['book.xlsx', { stem: 'book', format: undefined, isPacked: false }],
    ['all.zip', { stem: 'all', format: undefined, isPacked: false }],
    ['x.constructor', { stem: 'x', format: undefined, isPacked: false }],
  ])('%s, by its name', (name, parts) => {
    expect(partsOf(name)).toEqual(parts);
  });

  test('is what its name says of our tables', () => {
    for (const table of tables) expect(guessContent(table, '')).toBe(table);
    expect(guessContent('calls-2026-06', '')).toBe('calls');
  });

  test.each([
    ['call_id,campaign_id,lead_id,started_at,outcome', 'calls'],
    ['{"lead_id":1,"created_at":"2026-06-01","source":"web"}', 'leads'],
    ['cid,carrier,daily_cap', 'caller_ids'],
    ['"agent_id","username","name"', 'agents'],
    ['agent_id;username;name', 'agents'],
    ['code,label,category,is_conversion', 'dispositions'],
    ['campaign_id,name', 'campaigns'],
    ['team_id,name\r', 'teams'],
    [
      '"","1234","0901234567","out","""An"" <1234>","SIP/1","SIP/2","Dial","x","2026-06-01 10:00:00","","2026-06-01 10:01:00",60,0,"NO ANSWER","DOCUMENTATION","1.1",""',
      'asterisk-cdr-csv',
    ],
    [
      '"","1234","0901234567","out","""B, An"" <1234>","SIP/1","SIP/2","Dial","x","2026-06-01 10:00:00","","2026-06-01 10:01:00",60,0,"ANSWERED","DOCUMENTATION","1.1",""',
      'asterisk-cdr-csv',
    ],
    [
      '"""An"" <1234>","1234","0901234567","out","SIP/1","SIP/2","Dial","x","2026-06-01 10:00:00","","2026-06-01 10:01:00","60","0","BUSY","3","","1.1",""',
      'asterisk-cdr-custom',
    ],
    [
      '"An","1234","0901234567","default","2026-06-01 10:00:00","","2026-06-01 10:01:00","60","0","NO_ANSWER","uuid","","acc"',
      'freeswitch-cdr-csv',
    ],
    ['{"core-uuid":"x","variables":{}}', 'freeswitch-json-cdr'],
    ['{"sid":"CA00000000000000000000000000000000","status":"completed"}', 'twilio-bulk-export'],
    ['name,phone', undefined],
    ['', undefined],
    ['PK\u0003\u0004', undefined],
  ])('%s', (head, content) => {
    expect(guessContent('export', `${head}\nsomething else`)).toBe(content);
  });
});

test('a shipped mapping gets the zone and the country of whoever has the file, and is otherwise as it is shipped', () => {
  const path = new URL('../../../examples/mappings/asterisk-cdr-csv.json', import.meta.url);
  const mapping = JSON.parse(readFileSync(path, 'utf8'));
  const adapted = adapt(mapping, { timezone: 'Europe/Paris', countryCode: '33' }) as typeof mapping;
  expect(adapted.timezone).toBe('Europe/Paris');
  expect(adapted.columns.lead_id.country_code).toBe('33');
  expect(adapt(adapted, { timezone: mapping.timezone, countryCode: '84' })).toEqual(mapping);
});
