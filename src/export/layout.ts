/** The words for how a report becomes a file: layouts, their columns and rules, and the facts that go with them. */
import type { About } from '../engine/about-schema.ts';
import type { Column } from '../engine/columns.ts';
import type { Comparison } from '../engine/comparison-schema.ts';
import type { FileFormatName } from '../engine/file-formats.ts';
import type { Report } from '../engine/report.ts';
import type { Filters, Window } from '../engine/scope.ts';

/** The formats that a layout is for: of files that people open. Machines find the report's own columns, by their names. */
export const laidOutFormats = ['csv', 'xlsx'] as const satisfies readonly FileFormatName[];

/** A format that a layout is for. */
export type LaidOutFormat = (typeof laidOutFormats)[number];

/** How a report is laid out as a file. The generic layout comes from the report's declaration; a customer's changes it. */
export interface Layout {
  /** Columns in the file's order; those left out are not there. */
  columns: readonly LayoutColumn[];
  /** The heading of the title block. */
  title: string;
  /** The name of the sheet that holds the rows: at most 31 characters, none of []:*?/\. */
  sheetName: string;
  /** A PNG for the title block. */
  logo?: Uint8Array;
  /** Replaces the generic file name, without its ending; made of what the file is about when it is a function. */
  fileName?: string | ((facts: ExportFacts) => string);
  csv: {
    delimiter: ',' | ';' | '\t' | '|';
    /** `name`: the JSON field names; `label`: the headings; `none`: no header. */
    header: 'name' | 'label' | 'none';
  };
}

/** One column of a file. */
export interface LayoutColumn {
  /** The report's column. */
  name: string;
  column: Column;
  /** The heading in Excel. */
  label: string;
  /** In characters; measured from the content when not given. */
  width?: number;
  /** An Excel number format; by the column's kind when not given. */
  numberFormat?: string;
  /** What the cells look like, by their value. */
  rules?: readonly FormatRule[];
}

/** A conditional format of a column. */
export type FormatRule =
  | {
      kind: 'value';
      operator: 'equal' | 'notEqual' | 'greaterThan' | 'greaterThanOrEqual' | 'lessThan' | 'lessThanOrEqual';
      value: number | string | boolean;
      fill?: string;
      color?: string;
      bold?: boolean;
    }
  | {
      kind: 'value';
      operator: 'between' | 'notBetween';
      value: number;
      to: number;
      fill?: string;
      color?: string;
      bold?: boolean;
    }
  | { kind: 'colorScale'; colors: readonly [string, string] | readonly [string, string, string] };

/** What a file says about itself: everything that its rows depend on. */
export interface ExportFacts {
  report: Report;
  tenant: { tenant_id: number; name: string };
  timezone: string;
  filters: Filters;
  /** Not for a report on the present. */
  window?: Window;
  /** The report's own parameters that were given, as text. */
  params: Record<string, string>;
  /** The other window that the rows are compared with. */
  compared?: Comparison['window'];
  /** When the file was made, in epoch milliseconds. */
  madeAt: number;
  /** What it is made of, when it is to say so. */
  about?: About;
}

/** Which layout a tenant's files have. */
export interface Layouts {
  of(report: Report, tenantId: number): Layout;
}
