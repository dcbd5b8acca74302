import { describe, expect, test } from 'vitest';
import { shownTo } from '../../../src/http/answers/catalogue.ts';
import { en } from '../../../web/src/words/en.ts';
import { enNames, viNames } from '../../../web/src/words/names.ts';
import { labelOf, wordOf } from '../../../web/src/words/titles.ts';
import { vi } from '../../../web/src/words/vi.ts';
import { openWriting } from '../../../web/src/words/writing.ts';

const reports = shownTo({ role: 'admin', tenantId: 1 });
const columns = reports.flatMap(({ parts, behind }) => [...parts.flatMap((part) => part.columns), ...behind.columns]);
const say = (word: unknown): string => (typeof word === 'function' ? word('<1>', '<2>') : String(word));

describe('the words in Vietnamese', () => {
  test('are there for every English one', () => {
    expect(Object.keys(vi).sort()).toEqual(Object.keys(en).sort());
  });

  test('are other words', () => {
    const same = Object.keys(en).filter((key) => {
      const [english, vietnamese] = [say(en[key as keyof typeof en]), say(vi[key as keyof typeof vi])];
      return english === vietnamese && /\p{L}{3}/u.test(english);
    });
    expect(same).toEqual(['product', 'apiPage'].filter((key) => same.includes(key)));
  });

  test('say all that the English ones are given', () => {
    for (const [key, word] of Object.entries(en)) {
      if (typeof word !== 'function') continue;
      const missing = ['<1>', '<2>'].filter(
        (part) => say(word).includes(part) && !say(vi[key as keyof typeof vi]).includes(part),
      );
      expect(missing, key).toEqual([]);
    }
  });

  test('name every report, every column and every word of a column', () => {
    expect(reports.map(({ name }) => name).filter((name) => !viNames.reports[name] || !enNames.reports[name])).toEqual(
      [],
    );
    const unnamed = columns.filter(({ name, label }) => !viNames.columns[`${name}/${label}`] && !viNames.columns[name]);
    expect(unnamed.map(({ name, label }) => `${name}/${label}`)).toEqual([]);
    const own = columns.flatMap(({ choices = [], tones = {} }) => [...choices, ...Object.keys(tones)]);
    expect(own.filter((word) => !viNames.values[word])).toEqual([]);
  });

  test('tell columns apart that the API tells apart', () => {
    for (const { parts } of reports) {
      for (const part of parts) {
        const labels = part.columns.map(({ label }) => label);
        const named = part.columns.map((column) => labelOf(column, viNames));
        expect(new Set(named).size, `${part.name}: ${named.join(', ')}`).toBe(new Set(labels).size);
      }
    }
  });
});

test('what customers call their things is never translated', () => {
  const [label] = columns.filter(({ name }) => name === 'label');
  const [outcome] = columns.filter(({ name }) => name === 'outcome');
  if (!label || !outcome) throw new TypeError('the columns are gone');
  expect(wordOf('busy', viNames, label)).toBe('busy');
  expect(wordOf('busy', viNames, outcome)).toBe('máy bận');
  expect(wordOf('no_answer', enNames, outcome)).toBe('no answer');
});

test('numbers and dates are written as each language does', () => {
  const [english, vietnamese] = [openWriting('en'), openWriting('vi')];
  expect([english.number(1234567), vietnamese.number(1234567)]).toEqual(['1,234,567', '1.234.567']);
  expect([english.percent(38.21), vietnamese.percent(38.21)]).toEqual(['38.2 %', '38,2 %']);
  expect(english.span('2026-11-01', '2026-11-25')).toMatch(/^1\s–\s25 Nov 2026$/);
  expect(vietnamese.span('2026-11-01', '2026-11-25')).toMatch(/^1\/11\/2026\s[-–]\s25\/11\/2026$/);
  expect(english.seconds(3729)).toBe('1:02:09');
});
