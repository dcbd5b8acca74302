/** Where leads get lost: the stages as bars to scale, with the loss between them in words. */
import { useMemo } from 'react';
import type { Row } from '../api/types.ts';
import { Change } from '../table/Change.tsx';
import { columnOf, figureOf, type SeenRow, seenRows } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf, questionOf, wordOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { toLosses } from './amounts.ts';
import { isNarrow, useBox } from './box.ts';
import { Figure } from './Figure.tsx';
import { Legend } from './Legend.tsx';
import type { PictureProps } from './props.ts';

/** Leads can be disposed without having talked: it is no link of the chain. */
const beside = 'Disposed';

const countOf = (row: Row) => figureOf(row, 'count') ?? 0;

/** A funnel. */
export function Funnel({ report, answer, onOpen, isSmall = false }: PictureProps) {
  const { names, words, language } = useSpoken();
  const writing = useMemo(() => openWriting(language), [language]);
  const { ref, box } = useBox<HTMLDivElement>();
  const seen = useMemo(() => seenRows(report, answer).filter(({ isGone }) => !isGone), [report, answer]);
  const chain = seen.filter(({ row }) => row.stage !== beside);
  const others = seen.filter(({ row }) => row.stage === beside);
  const counts = chain.map(({ row }) => countOf(row));
  const losses = toLosses(counts);
  const all = counts[0] ?? 0;
  const largest = Math.max(
    1,
    ...seen.flatMap(({ row, before }) => [countOf(row), before ? countOf(before.previous) : 0]),
  );
  const ofAll = (count: number) => (all > 0 ? writing.percent((count / all) * 100) : words.noneLike);
  const stageOf = (row: Row) => wordOf(String(row.stage), names, { name: 'stage' });
  const lossOf = (index: number) => {
    const loss = losses[index];
    return loss && words.lost(writing.number(loss.count), writing.percent(loss.pct));
  };
  const column = columnOf(report, 'count');
  if (!column) return null;

  const stage = ({ id, row, before }: SeenRow, lost: number) => {
    const count = countOf(row);
    const was = before ? figureOf(before.previous, 'count') : undefined;
    return (
      <div className="bar-row" key={id}>
        <span className="bar-label">
          <span className="bar-name">{stageOf(row)}</span>
        </span>
        <span className="bar-lines">
          <span className="bar-line">
            <span className="bar-track tall" aria-hidden="true">
              <span className="bar-fill" style={{ left: 0, width: `${(count / largest) * 100}%` }} />
              <span
                className="bar-lost"
                style={{ left: `${(count / largest) * 100}%`, width: `${(lost / largest) * 100}%` }}
              />
              {was !== undefined && <span className="bar-before" style={{ left: `${(was / largest) * 100}%` }} />}
            </span>
            <span className="bar-number">
              {onOpen && count > 0 ? (
                <button
                  type="button"
                  className="number"
                  aria-label={`${stageOf(row)}: ${writing.number(count)}. ${words.showLeads}`}
                  onClick={() => onOpen(row, column)}
                >
                  {writing.number(count)}
                </button>
              ) : (
                writing.number(count)
              )}
            </span>
            <span className="bar-change">
              <Change column={column} seen={{ id, row, before, isGone: false }} zone="" />
            </span>
          </span>
        </span>
        <span className="bar-rate">{ofAll(count)}</span>
      </div>
    );
  };

  return (
    <Figure
      name={questionOf(report, names)}
      values={{
        heads: [words.stage, labelOf(column, names), words.ofAll, words.lostBefore],
        rows: seen.map(({ row }) => {
          const index = chain.findIndex((one) => one.row === row);
          return [stageOf(row), writing.number(countOf(row)), ofAll(countOf(row)), lossOf(index) ?? words.noneLike];
        }),
      }}
    >
      <div className="bars" ref={ref} data-narrow={isNarrow(box) || undefined}>
        {!isSmall && (
          <div className="bar-heads" aria-hidden="true">
            <span>{words.stage}</span>
            <span className="bar-line">
              <span />
              <span className="end">{labelOf(column, names)}</span>
              <span />
            </span>
            <span className="end">{words.ofAll}</span>
          </div>
        )}
        {chain.map((one, index) => [
          lossOf(index) && (
            <div className="loss" key={`${one.id} loss`}>
              <span aria-hidden="true">↓</span> {lossOf(index)}
            </div>
          ),
          stage(one, losses[index]?.count ?? 0),
        ])}
        {others.length > 0 && (
          <>
            <div className="beside">{words.beside}</div>
            {others.map((one) => stage(one, 0))}
          </>
        )}
      </div>
      <div className="bars-foot">
        <Legend
          items={[
            ['lost', words.lostHere],
            ...(seen.some(({ before }) => before) ? [['tick', words.before] as const] : []),
          ]}
        />
      </div>
    </Figure>
  );
}
