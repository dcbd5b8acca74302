/** The rows of another part of an answer, as a plain table. */
import type { Part, Row } from '../api/types.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { isAmount, sayValue, unitMark } from './columns.ts';
import { Scrolled } from './Scrolled.tsx';

/** The table, or the word for none. */
export function PartTable({
  part,
  rows,
  zone,
  none,
}: {
  part: Part;
  rows: readonly Row[];
  zone: string;
  none: string;
}) {
  const { names, language } = useSpoken();
  const writing = openWriting(language);
  if (rows.length === 0) return <p className="dimmed">{none}</p>;
  return (
    <Scrolled name={part.title}>
      <table className="numbers">
        <thead>
          <tr>
            {part.columns.map((column) => (
              <th key={column.name} scope="col" className="plain" data-amount={isAmount(column) || undefined}>
                {labelOf(column, names)}
                {unitMark(column, language) && <span className="unit"> {unitMark(column, language)}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={part.key.map((name) => String(row[name])).join(' ')}>
              {part.columns.map((column) => (
                <td key={column.name} data-amount={isAmount(column) || undefined} dir="auto">
                  {sayValue(column, row, zone, { names, writing })}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}
