/** What a table and a picture call when somebody wants to see what a number counts. */
import type { Column, Row } from '../api/types.ts';

/** Asked to show what stands behind a number. */
export type OnOpen = (row: Row, column: Column) => void;
