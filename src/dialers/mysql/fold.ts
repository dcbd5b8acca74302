/** When two texts of a dialer's database are the same to MySQL. */
import { cleanText } from '../../clean-text.ts';

/** A text as MySQL compares it: without regard to case and to blanks at the end. */
export const fold = (text: string) => cleanText(text).toLowerCase();
