/** How the console looks, as far as its components are told; the rest is `look.css`. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent: a calm teal, dark enough for text on white. */
const teal: MantineColorsTuple = [
  '#e8f6f4',
  '#d3ebe7',
  '#a6d6cf',
  '#75c0b6',
  '#4cada1',
  '#2f9e91',
  '#0f766e',
  '#0c645d',
  '#0a534e',
  '#06423e',
];

/** The theme. */
export const theme = createTheme({
  primaryColor: 'brand',
  // White on it reads well in both themes.
  primaryShade: 6,
  colors: { brand: teal },
  autoContrast: true,
  defaultRadius: 'sm',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
});
