/** Where leads get lost: the stages as bars to scale, with the loss between them in words. */
import { Change } from '../table/Change.tsx';
import { columnOf, figureOf, type SeenRow, seenRows } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf, wordOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { Figure } from './Figure.tsx';
import type { PictureProps } from './kinds.tsx';

/** Leads can be disposed without having talked: it is no link of the chain. */
const beside = 'Disposed';

/** A funnel. */
export function Funnel({ report, answer, onOpen }: PictureProps) {
  const { names, words, language } = useSpoken();
  const writing = openWriting(language);
  const column = columnOf(report, 'count');
  if (!column) return null;
  const seen = seenRows(report, answer).filter(({ isGone }) => !isGone);
  const chain = seen.filter(({ row }) => row.stage !== beside);
  const others = seen.filter(({ row }) => row.stage === beside);
  const countOf = ({ row }: SeenRow) => figureOf(row, 'count') ?? 0;
  const all = chain[0] ? countOf(chain[0]) : 0;
  const share = (part: number, of: number) => (of > 0 ? writing.percent((part / of) * 100) : words.noneLike);
  const stage = (one: SeenRow) => {
    const count = countOf(one);
    return (
      <div className="bar-row" key={one.id}>
        <span className="bar-label">{wordOf(String(one.row.stage), names)}</span>
        <span className="bar-tracks">
          <span className="bar-track tall">
            <span className="bar-fill" style={{ width: all > 0 ? `${(count / all) * 100}%` : '0' }} />
          </span>
        </span>
        <span className="bar-value">
          {onOpen && count > 0 ? (
            <button type="button" className="number" title={words.showLeads} onClick={() => onOpen(one.row, column)}>
              {writing.number(count)}
            </button>
          ) : (
            writing.number(count)
          )}
          <span className="dimmed"> {share(count, all)}</span>
          <Change column={column} seen={one} zone="" />
        </span>
      </div>
    );
  };
  return (
    <Figure
      name={report.title}
      values={{
        heads: [words.table, labelOf(column, names), words.ofFirst('')],
        rows: seen.map((one) => [
          wordOf(String(one.row.stage), names),
          writing.number(countOf(one)),
          share(countOf(one), all),
        ]),
      }}
    >
      <div className="bars">
        {chain.map((one, index) => {
          const before = index > 0 ? countOf(chain[index - 1]!) : undefined;
          return (
            <div key={one.id}>
              {before !== undefined && (
                <div className="loss">
                  ↓ {words.lost(writing.number(before - countOf(one)), share(before - countOf(one), before))}
                </div>
              )}
              {stage(one)}
            </div>
          );
        })}
        {others.length > 0 && (
          <div className="beside">
            <div className="dimmed">{words.beside}</div>
            {others.map(stage)}
          </div>
        )}
      </div>
    </Figure>
  );
}
