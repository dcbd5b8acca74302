/**
 * A customer's own layout of files: what `customer.json` in the customer's directory holds. It changes looks alone:
 * columns can be left out, but rows and values are the report's.
 */
export interface CustomerPackage {
  /** The schema that editors check the file with; the server does not read it. */
  $schema?: string;
  /** Whose files look like this. A tenant has one package. */
  tenant_id: number;
  /** A PNG in this directory for the title block of every report, such as logo.png. */
  logo?: string;
  /** The name of every file without its ending, such as {report}_{from}_{to}. */
  file_name?: string;
  /** How CSV files are written. */
  csv?: CustomerCsv;
  /** What is different in single reports, by the report's name. */
  reports?: Record<string, CustomerReport>;
}

/** How CSV files are written. */
export interface CustomerCsv {
  /** What stands between two cells: a comma, a semicolon, a tab or a bar. */
  delimiter?: ',' | ';' | '\t' | '|';
  /** The first line: name has the JSON field names, label the headings, none leaves it out. */
  header?: 'name' | 'label' | 'none';
}

/** One report's layout. What is not given stays as in the generic layout, or as the package says for all reports. */
export interface CustomerReport {
  /** The heading of the title block. */
  title?: string;
  /** A PNG in this directory for the title block, instead of the package's. */
  logo?: string;
  /** The name of the sheet that holds the rows: at most 31 characters, none of []:*?/\. */
  sheet_name?: string;
  /** The name of the file without its ending, instead of the package's. */
  file_name?: string;
  /** How the CSV file is written, instead of what the package says. */
  csv?: CustomerCsv;
  /** Columns in the file's order. Columns that are neither here nor left out follow them in the report's order. */
  columns?: CustomerColumn[];
  /** Columns that the file does not have. */
  left_out?: string[];
}

/** One column of a file. */
export interface CustomerColumn {
  /** The report's column. */
  name: string;
  /** The heading, in any language. */
  label?: string;
  /** The width in Excel, in characters; measured from the content when not given. */
  width?: number;
  /** An Excel number format, such as #,##0; for columns of numbers and moments. */
  number_format?: string;
  /** What cells look like in Excel by their value, the first rule that holds first. */
  rules?: CustomerRule[];
}

/** A conditional format of a column. */
export type CustomerRule = ValueRule | SpanRule | ScaleRule;

/** What a cell looks like when a rule holds. */
export interface RuleLook {
  /** The color behind the text, as #RRGGBB. */
  fill?: string;
  /** The color of the text, as #RRGGBB. */
  color?: string;
  /** Whether the text is bold. */
  bold?: boolean;
}

/** A rule that compares the cell with one value. */
export interface ValueRule extends RuleLook {
  /** How the cell is compared with the value. */
  kind: 'equal' | 'not_equal' | 'greater_than' | 'greater_than_or_equal' | 'less_than' | 'less_than_or_equal';
  /** In the units of the JSON: seconds, percent from 0 to 100; a text for text, true or false for yes and no. */
  value: number | string | boolean;
}

/** A rule that holds within a span, or outside of it; its ends belong to it. */
export interface SpanRule extends RuleLook {
  /** Whether the cell must be in the span, or must not. */
  kind: 'between' | 'not_between';
  /** The lower end of the span. */
  from: number;
  /** The upper end of the span. */
  to: number;
}

/** A scale that colors each cell of a column by where it stands between the lowest and the highest. */
export interface ScaleRule {
  /** A color scale. */
  kind: 'color_scale';
  /** Two or three colors as #RRGGBB: of the lowest value, of the middle if there are three, of the highest. */
  colors: [string, string] | [string, string, string];
}
