/** What stands around every picture: its name, and the same values as a table for whoever does not see it. */
import { memo, type ReactNode } from 'react';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';

/** The values of a picture, as a table has them: the first cell of a row tells it from the others. */
export interface Values {
  heads: readonly string[];
  rows: readonly (readonly string[])[];
}

// A page with more rows than these at once, for each picture, gets slow; the page's own table has them all.
const mostRows = 400;

/** A picture with its name and its values. */
export function Figure({ name, values, children }: { name: string; values: Values; children: ReactNode }) {
  return (
    <figure className="picture">
      {children}
      <ValuesTable name={name} values={values} />
    </figure>
  );
}

/** Drawn anew when its values are others alone, not whenever the pointer moves. */
const ValuesTable = memo(function ValuesTable({ name, values: { heads, rows } }: { name: string; values: Values }) {
  const { words, language } = useSpoken();
  const more = rows.length - mostRows;
  return (
    <figcaption className="unseen">
      {name}. {words.asTable}:
      <table>
        <thead>
          <tr>
            {heads.map((head, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are.
              <th key={index} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, mostRows).map(([head, ...cells], row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may be there twice.
            <tr key={row}>
              <th scope="row">{head}</th>
              {cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are.
                <td key={index}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && words.moreInTable(openWriting(language).number(more))}
    </figcaption>
  );
});
