/** A figure against its limit: large, on a scale that has the limit in it, with what is left in words. */
import type { Column, Report } from '../api/types.ts';
import { columnOf, figureOf, rowsOf } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf, questionOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { gaugeEnd, type Nearness, nearnessOf } from './amounts.ts';
import { Figure } from './Figure.tsx';
import type { PictureProps } from './props.ts';

/** A state has a shape of its own, beside its word. */
const shapes: Record<Nearness, string> = { within: '●', near: '▲', over: '■' };

/** A gauge. */
export function Gauge({ report, answer }: PictureProps) {
  const { names, words, language } = useSpoken();
  const writing = openWriting(language);
  const picture = report.picture as Extract<Report['picture'], { kind: 'gauge' }>;
  const [row] = rowsOf(report, answer.data);
  const [column, limitColumn] = [columnOf(report, picture.value), columnOf(report, picture.limit)];
  if (!row || !column || !limitColumn) return null;
  const say = (one: Column, value: number | undefined, digits = 2) => {
    if (value === undefined) return words.noneLike;
    return one.unit === 'percent' ? writing.percent(value, digits) : writing.cell(one, value, '');
  };
  const [limit, left] = [figureOf(row, picture.limit), figureOf(row, 'allowed_more')];
  const [base, part] = column.ratio
    ? [figureOf(row, column.ratio.of), figureOf(row, column.ratio.part)]
    : [undefined, undefined];
  // A rate of nothing is none.
  const value = base === 0 ? undefined : figureOf(row, picture.value);
  const isFloor = column.better === 'more';
  const isBreached = typeof row.breached === 'boolean' ? row.breached : undefined;
  const state =
    value === undefined || limit === undefined ? undefined : nearnessOf({ value, limit, isBreached }, isFloor);
  const end = gaugeEnd(value ?? 0, limit ?? 0);
  const at = (number: number) => `${Math.max(0, Math.min(100, (number / end) * 100))}%`;
  const limitText = say(limitColumn, limit, limit !== undefined && limit % 1 === 0 ? 0 : 2);
  const stateWords: Record<Nearness, string> = {
    within: words.withinLimit,
    near: words.nearLimit,
    over: isFloor ? words.belowLimit : words.aboveLimit,
  };
  return (
    <Figure
      name={questionOf(report, names)}
      values={{
        heads: [labelOf(column, names), labelOf(limitColumn, names), words.state],
        rows: [[say(column, value), limitText, state ? stateWords[state] : words.noneLike]],
      }}
    >
      <div className="gauge" data-state={state}>
        <div className="gauge-value">
          {say(column, value)}
          {part !== undefined && base !== undefined && (
            <span className="dimmed">
              {writing.number(part)} {words.ofCount(writing.number(base))}
            </span>
          )}
        </div>
        <div className="gauge-track" aria-hidden="true">
          {value !== undefined && <span className="gauge-fill" style={{ width: at(value) }} />}
          {limit !== undefined && (
            <span className="gauge-limit" style={{ left: at(limit) }}>
              <span>
                {labelOf(limitColumn, names)} {limitText}
              </span>
            </span>
          )}
        </div>
        <div className="gauge-left">
          {state && (
            <strong className="gauge-state">
              <span aria-hidden="true">{shapes[state]}</span> {stateWords[state]}
            </strong>
          )}
          {left !== undefined && value !== undefined && (
            <span>{left > 0 ? words.allowedMore(writing.number(left)) : words.allowedNone}</span>
          )}
        </div>
      </div>
    </Figure>
  );
}
