/** What stands around every picture: its name, and the same values as a table for whoever does not see it. */
import type { ReactNode } from 'react';
import { useWords } from '../words/spoken.tsx';

/** The values of a picture, as a table has them. */
export interface Values {
  heads: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A picture with its name and its values. */
export function Figure({ name, values, children }: { name: string; values: Values; children: ReactNode }) {
  const words = useWords();
  return (
    <figure className="picture">
      {children}
      <figcaption className="unseen">
        {name}. {words.asTable}:
        <table>
          <thead>
            <tr>
              {values.heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {values.rows.map((row) => (
              <tr key={row[0]}>
                {row.map((cell, index) =>
                  index === 0 ? (
                    <th key="head" scope="row">
                      {cell}
                    </th>
                  ) : (
                    <td key={values.heads[index]}>{cell}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </figcaption>
    </figure>
  );
}
