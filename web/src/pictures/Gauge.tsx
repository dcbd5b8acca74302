/** A figure against its limit: large, on a scale that has the limit in it, with what is left in words. */
import type { Report } from '../api/types.ts';
import { columnOf, figureOf, rowsOf } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { Figure } from './Figure.tsx';
import type { PictureProps } from './kinds.tsx';

/** A gauge. */
export function Gauge({ report, answer, isSmall = false }: PictureProps) {
  const { names, words, language } = useSpoken();
  const writing = openWriting(language);
  const picture = report.picture as Extract<Report['picture'], { kind: 'gauge' }>;
  const [row] = rowsOf(report, answer.data);
  const value = columnOf(report, picture.value);
  if (!row || !value) return null;
  const [rate, limit] = [figureOf(row, picture.value) ?? 0, figureOf(row, picture.limit) ?? 0];
  const end = Math.max(limit * 2, rate * 1.1, 1);
  const isOver = row.breached === true || (row.breached === undefined && rate > limit);
  const isNear = !isOver && rate >= limit * 0.8;
  const left = figureOf(row, 'allowed_more');
  const base = value.ratio ? figureOf(row, value.ratio.of) : undefined;
  const part = value.ratio ? figureOf(row, value.ratio.part) : undefined;
  const at = (number: number) => `${Math.min(100, (number / end) * 100)}%`;
  return (
    <Figure
      name={report.title}
      values={{
        heads: [labelOf(value, names), words.limit],
        rows: [[writing.percent(rate, 2), writing.percent(limit, 2)]],
      }}
    >
      <div
        className="gauge"
        data-state={isOver ? 'over' : isNear ? 'near' : 'within'}
        data-small={isSmall || undefined}
      >
        <div className="gauge-value">
          {writing.percent(rate, 2)}{' '}
          {part !== undefined && base !== undefined && (
            <span className="dimmed">
              {writing.number(part)} {words.ofCount(writing.number(base))}
            </span>
          )}
        </div>
        <div className="gauge-track">
          <span className="gauge-fill" style={{ width: at(rate) }} />
          <span className="gauge-limit" style={{ left: at(limit) }}>
            <span>
              {words.limit} {writing.percent(limit, limit % 1 === 0 ? 0 : 2)}
            </span>
          </span>
        </div>
        {left !== undefined && (
          <div className="gauge-left">{left > 0 ? words.allowedMore(writing.number(left)) : words.allowedNone}</div>
        )}
      </div>
    </Figure>
  );
}
