import { describe, expect, test } from 'vitest';
import { isBlamed, isParamFault, type ParamFault, type Surface, toFieldErrors, toSentence } from '../src/faults.ts';

const required: ParamFault = { id: 'required', field: 'date_from' };
const notAfter: ParamFault = { id: 'not_after', field: 'date_to', other: 'date_from' };

test('a fault is worded by how its surface calls the fields, and in the words of its own', () => {
  const dashed = (field: string) => `--${field}`;
  const surface: Surface = {
    The: dashed,
    the: dashed,
    typed: dashed,
    words: { required: ({ field }, { the }) => `Say ${the(field)}.` },
  };
  expect(toSentence(notAfter)).toBe('The date to must be after the date from.');
  expect(toSentence(notAfter, surface)).toBe('--date_to must be after --date_from.');
  expect(toSentence(required)).toBe('The date from field is required.');
  expect(toSentence(required, surface)).toBe('Say --date_from.');
});

describe('faults by their fields', () => {
  test('each field comes once, where it was first named, with all of its sentences', () => {
    const twice: ParamFault = { id: 'given_twice', field: 'date_to' };
    const errors = toFieldErrors([notAfter, required, twice]);
    expect(Object.entries(errors)).toEqual([
      ['date_to', ['The date to must be after the date from.', 'The date to may be given only once.']],
      ['date_from', ['The date from field is required.']],
    ]);
  });

  test('a field may have any name', () => {
    const errors = toFieldErrors([{ id: 'no_such_setting', field: '__proto__', words: ['a', 'b'] }]);
    expect(JSON.stringify(errors)).toBe('{"__proto__":["There is no such setting. There are a, b."]}');
  });

  test('a field is blamed when it has one', () => {
    expect(isBlamed([required], 'date_from')).toBe(true);
    expect(isBlamed([required], 'date_to')).toBe(false);
  });
});

test.each([
  [required, true],
  [{ ...notAfter, more: 1 }, true],
  [{ id: 'of_tomorrow', field: 'x' }, false],
  [{ id: 'toString', field: 'x' }, false],
  [{ id: 'required' }, false],
  [null, false],
  ['required', false],
])('whether there are words for %j', (value, isOne) => {
  expect(isParamFault(value)).toBe(isOne);
});
