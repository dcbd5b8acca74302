import { describe, expect, test } from 'vitest';
import { openNumbers, toDuration } from '../../src/mapping/values/numbers.ts';

describe('numbers', () => {
  test.each([
    [{}, '1234', '1234'],
    [{}, '1234.50', '1234.50'],
    [{}, '-3', '-3'],
    [{}, '1,234', undefined],
    [{}, '', undefined],
    [{}, '1e3', undefined],
    [{}, '.5', undefined],
    [{}, '0x10', undefined],
    [{}, '9'.repeat(500), undefined],
    [{ decimal: ',' }, '1234,5', '1234.5'],
    [{ decimal: ',' }, '1234.5', undefined],
    [{ decimal: ',', thousands: '.' }, '1.234', '1234'],
    [{ decimal: ',', thousands: '.' }, '1.234.567,8', '1234567.8'],
    [{ decimal: ',', thousands: '.' }, '1234,8', '1234.8'],
    [{ decimal: ',', thousands: '.' }, '12.34', undefined],
    [{ decimal: ',', thousands: '.' }, '1.2345', undefined],
    [{ thousands: ',' }, '1,234.5', '1234.5'],
    [{ thousands: "'" }, "1'234", '1234'],
    [{ thousands: ' ', decimal: ',' }, '1 234,5', '1234.5'],
    [{ thousands: ' ', decimal: ',' }, '1\u00a0234\u202f567,5', '1234567.5'],
    [{ thousands: ' ' }, '12 34', undefined],
    [{ thousands: '\u202f' }, '1 234', undefined],
    [{ thousands: '\u202f', decimal: ',' }, '12\u202f345,6', '12345.6'],
  ] as const)('written as %j: %j', (numbers, text, plain) => {
    expect(openNumbers(numbers)(text)).toBe(plain);
  });
});

describe('durations', () => {
  test.each([
    ['23m 17s', 1397],
    ['23m17s', 1397],
    ['1h 2m 3s', 3723],
    ['1 hour, 2 minutes', 3720],
    ['2 hrs', 7200],
    ['5 min 6 sec', 306],
    ['45s', 45],
    ['45.9 s', 45],
    ['90m', 5400],
    ['100s', 100],
    ['00:23:17', 1397],
    ['1:02:03', 3723],
    ['75:10', 4510],
    ['0:45.6', 45],
    ['0:45,6', 45],
    ['45', 45],
    ['45.0', 45],
    ['45.00', 45],
    ['0', 0],
    ['24:00:00', 86_400],
    ['120:00:00', 432_000],
  ])('%j are %d seconds', (text, seconds) => {
    expect(toDuration(text)).toBe(seconds);
  });

  test.each([
    '',
    ' ',
    '-00:00:05',
    '-45',
    '-0',
    '-45.0',
    '45.',
    '45,0',
    '1.5',
    '1,5',
    '1:75:10',
    '0:60',
    '1:2',
    ':30',
    '1:02:03:04',
    '17s 23m',
    '1h 75m',
    '5m 61s',
    'm',
    'h m s',
    '23x',
    '5 ms',
    '1d 2h',
    '１０',
    `${'0'.repeat(100)}1s`,
  ])('%j is none', (text) => {
    expect(toDuration(text)).toBeUndefined();
  });
});
