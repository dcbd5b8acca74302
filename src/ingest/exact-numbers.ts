/** Numbers of JSON as they are written: the engine's own reading of some is not exact. */
import { sql, sqlText } from '../sql.ts';

/** True for a line of JSON in which a value may be a number with an exponent. */
const mayHaveExponents = sql`match(line, ${sqlText('[:]\\s*-?[0-9]+([.][0-9]+)?[eE]')})`;

/**
 * Such a line with numbers that have an exponent as texts, as they are written.
 * ClickHouse: its JSON functions give 25 for 2.5e1, also as raw text. It takes both ways of an `if` for all rows, so that the
 * dear one is given nothing to do where it is not needed.
 */
const quotedExponents = sql`arrayStringConcat(arrayMap(part -> if(match(part, '^[-0-9].*[eE]'), concat('"', part, '"'), part),
  extractAll(if(${mayHaveExponents}, line, ''), ${sqlText('"(?:[^"\\\\]|\\\\.)*"|[^"\\s,:{}]+|[,:{}]')})))`;

/** `line`, of JSON that anybody may have written, with every number as it stands there. */
export const lineWithExactNumbers = sql`if(${mayHaveExponents}, ${quotedExponents}, line)`;
