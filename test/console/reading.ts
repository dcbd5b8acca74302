/** What a page says, as a person reads it; and how the API's values are to be written, computed the plain way. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Tab } from './console.ts';

/** A column of a report, as the catalogue shows it. */
export interface ShownColumn {
  name: string;
  label: string;
  kind: string;
  unit: string | null;
  digits?: number;
  code?: boolean;
  figure?: string;
}

/** A table as it stands on a page. */
export interface SeenTable {
  heads: string[];
  rows: string[][];
}

/** As much of a page as is read here: tests know no document. */
interface Element {
  textContent: string;
  cloneNode(deep: true): Element;
  querySelectorAll(selector: string): Iterable<Element>;
  remove(): void;
}

/** Reads a table; each cell without its change, its bar and what belongs to its number. */
export const readTable = (table: Locator): Promise<SeenTable> =>
  table.evaluate((element) => {
    const beside = '.unseen, .change, .thin, .bar, .swatch, .unit, .arrow, .id, .dimmed, .gone, .note, svg, figure';
    const plain = (cell: Element) => {
      const copy = cell.cloneNode(true);
      for (const one of copy.querySelectorAll(beside)) one.remove();
      return copy.textContent.trim();
    };
    const rowsIn = (part: string) =>
      [...(element as unknown as Element).querySelectorAll(`${part} > tr`)].map((row) =>
        [...row.querySelectorAll('th, td')].map(plain),
      );
    return { heads: rowsIn('thead')[0] ?? [], rows: rowsIn('tbody') };
  });

/** The table of a report's page. */
export const mainTable = ({ page }: Tab): Locator => page.locator('main table.numbers').first();

/** The figure of a tile, by its label. */
export const tileOf = ({ page }: Tab, label: string): Locator =>
  page
    .locator('dl.tiles > div')
    .filter({ has: page.locator('dt').getByText(label, { exact: true }) })
    .locator('.large')
    .first();

/** Chooses from one of the filter bar's searched lists, as a person does: opens it, types, takes what is found. */
export async function choose({ page }: Tab, filter: string, names: readonly string[]): Promise<void> {
  await filterButton(page, filter).click();
  const field = page.getByRole('combobox', { name: filter, exact: true });
  for (const name of names) {
    await field.fill(name);
    await page.getByRole('option', { name, exact: true }).first().click();
  }
  // A list of which many may be chosen stays open.
  if (names.length > 1) await page.keyboard.press('Escape');
}

/** The button of a filter, which says what is chosen. */
export const filterButton = (page: Page, filter: string): Locator =>
  page.locator('section.filters').getByRole('button', { name: new RegExp(`^${filter}: `) });

/** What a tile says, once it says it. */
export async function expectTile(tab: Tab, label: string, text: string): Promise<void> {
  await expect.poll(() => tileOf(tab, label).textContent(), { timeout: 60_000 }).toBe(text);
}

const two = (part: number) => String(part).padStart(2, '0');
const asClock = (seconds: number) => {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};

/** A number in English: groups of three, as many decimals as it is to have. */
export function inEnglish(value: number, decimals = 0): string {
  const [whole = '', rest] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${value < 0 ? '-' : ''}${grouped}${rest === undefined ? '' : `.${rest}`}`;
}

const isId = ({ name, unit }: ShownColumn) => unit === null && /(^|_)id$/.test(name);

/** A value of the API as a cell has it in English; undefined of what is no number: each page may say it better. */
export function inCell(column: ShownColumn, value: unknown): string | undefined {
  if (value === null) return '–';
  const isNumber = typeof value === 'number' || column.kind === 'decimal';
  if (!isNumber) return typeof value === 'string' && column.kind === 'text' ? value : undefined;
  if (column.code || isId(column)) return String(value);
  if (column.unit === 'seconds') return asClock(Number(value));
  return column.digits ? inEnglish(Number(value), Math.min(column.digits, 2)) : inEnglish(Number(value));
}
