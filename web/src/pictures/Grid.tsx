/** A rate for each hour of the week: a scale that one spike can't flatten, thin cells marked, the present hour outlined. */
import { scaleQuantile } from 'd3-scale';
import type { Column, Report, Row } from '../api/types.ts';
import { columnOf, figureOf, rowsOf, thinBelow } from '../table/rows.ts';
import { useSpoken } from '../words/spoken.tsx';
import { labelOf } from '../words/titles.ts';
import { openWriting } from '../words/writing.ts';
import { Figure } from './Figure.tsx';
import type { PictureProps } from './kinds.tsx';
import { useLookedAt } from './Tip.tsx';

const steps = [0, 1, 2, 3, 4, 5, 6];

/** A grid picture: rows Monday to Sunday, columns by the hour, totals at the edges. */
export function Grid({ report, answer, onOpen, isSmall = false }: PictureProps) {
  const { names, words, language } = useSpoken();
  const writing = openWriting(language);
  const { at, look, leave } = useLookedAt<string>();
  const picture = report.picture as Extract<Report['picture'], { kind: 'grid' }>;
  const value = columnOf(report, picture.value);
  if (!value) return null;
  const [part, of] = [value.ratio?.part, value.ratio?.of ?? picture.value];
  const rows = rowsOf(report, answer.data);
  const byPlace = new Map(rows.map((row) => [`${row[picture.down.column]} ${row[picture.across.column]}`, row]));
  const there = rows.filter((row) => (figureOf(row, of) ?? 0) > 0);
  // Quantiles of what says something: thin cells would spread the scale.
  const solid = there.filter((row) => (figureOf(row, of) ?? 0) >= thinBelow);
  const scale = scaleQuantile<number>()
    .domain((solid.length > steps.length ? solid : there).map((row) => figureOf(row, value.name) ?? 0))
    .range(steps);
  const days = isWeek(picture.down.labels.length)
    ? [1, 2, 3, 4, 5, 6, 0]
    : picture.down.labels.map((_, index) => index);
  const hours = toBusyHours(picture.across.labels.length, there, picture.across.column);
  const present = presentPlace(answer.about.timezone);
  const downLabel = (index: number) =>
    isWeek(picture.down.labels.length) ? writing.weekday(index) : (picture.down.labels[index] ?? '');
  const total = (some: readonly Row[]) => toTotal(some, part, of);
  const seen = at === undefined ? undefined : byPlace.get(at);
  const say = (row: Row) => toText(row, value, of, { writing, words });

  return (
    <Figure
      name={report.title}
      values={{
        heads: ['', ...hours.map(String)],
        rows: days.map((day) => [
          downLabel(day),
          ...hours.map((hour) => {
            const row = byPlace.get(`${day} ${hour}`);
            return row && (figureOf(row, of) ?? 0) > 0 ? say(row) : words.noneLike;
          }),
        ]),
      }}
    >
      <div className="heat-scroll">
        <div
          className="heat"
          style={{ gridTemplateColumns: `44px repeat(${hours.length}, minmax(${isSmall ? 18 : 30}px, 1fr)) 62px` }}
          onPointerLeave={leave}
        >
          <span />
          {hours.map((hour) => (
            <span key={hour} className="heat-head">
              {hour}
            </span>
          ))}
          <span className="heat-head">{words.total}</span>
          {days.map((day) => [
            <span key={`${day} head`} className="heat-head side" data-weekend={[0, 6].includes(day) || undefined}>
              {downLabel(day)}
            </span>,
            ...hours.map((hour) => {
              const place = `${day} ${hour}`;
              const row = byPlace.get(place);
              const count = row ? (figureOf(row, of) ?? 0) : 0;
              if (!row || count === 0) return <span key={place} className="heat-cell" data-none />;
              const rate = figureOf(row, value.name) ?? 0;
              return (
                <button
                  type="button"
                  key={place}
                  className="heat-cell"
                  data-step={scale(rate)}
                  data-thin={count < thinBelow || undefined}
                  data-now={place === present || undefined}
                  aria-label={`${downLabel(day)} ${hour}:00, ${say(row)}`}
                  onPointerEnter={() => look(place)}
                  onFocus={() => look(place)}
                  onBlur={leave}
                  onClick={() => {
                    const column = columnOf(report, of);
                    if (onOpen && column) onOpen(row, column);
                    else look(place);
                  }}
                >
                  {!isSmall && writing.number(rate)}
                </button>
              );
            }),
            <span key={`${day} total`} className="heat-total">
              {total(rows.filter((row) => Number(row[picture.down.column]) === day))}
            </span>,
          ])}
          <span className="heat-head side">{words.total}</span>
          {hours.map((hour) => (
            <span key={hour} className="heat-total">
              {total(rows.filter((row) => Number(row[picture.across.column]) === hour))}
            </span>
          ))}
          <span className="heat-total">{total(rows)}</span>
        </div>
      </div>
      <div className="heat-note">
        <span className="heat-scale">
          {writing.number(scale.quantiles()[0] ?? 0, 1)}
          {steps.map((step) => (
            <span key={step} className="heat-cell" data-step={step} />
          ))}
          {writing.number(scale.quantiles().at(-1) ?? 0, 1)} % · {labelOf(value, names)}
        </span>
        <span role="status" className="said">
          {seen && at ? `${toPlaceName(at, downLabel)}: ${say(seen)}` : '\u00a0'}
        </span>
      </div>
    </Figure>
  );

  function toTotal(some: readonly Row[], partName: string | undefined, ofName: string): string {
    const sum = (name: string) => some.reduce((all, row) => all + (figureOf(row, name) ?? 0), 0);
    const whole = sum(ofName);
    if (whole === 0) return '';
    return partName ? writing.number((sum(partName) / whole) * 100, 1) : writing.number(whole);
  }
}

const isWeek = (days: number) => days === 7;

const toPlaceName = (place: string, downLabel: (index: number) => string) => {
  const [day = 0, hour = 0] = place.split(' ').map(Number);
  return `${downLabel(day)} ${hour}:00`;
};

function toText(
  row: Row,
  value: Column,
  of: string,
  { writing, words }: { writing: ReturnType<typeof openWriting>; words: ReturnType<typeof useSpoken>['words'] },
): string {
  const count = figureOf(row, of) ?? 0;
  const thin = count < thinBelow ? `, ${words.thin(writing.number(count))}` : '';
  return `${writing.percent(figureOf(row, value.name) ?? 0)} ${words.ofCount(writing.number(count))}${thin}`;
}

/** The hours from the first to the last in which anything was dialed: nobody needs the night. */
function toBusyHours(count: number, rows: readonly Row[], column: string): number[] {
  const hours = rows.map((row) => Number(row[column]));
  if (hours.length === 0) return Array.from({ length: count }, (_, hour) => hour);
  const [first, last] = [Math.min(...hours), Math.max(...hours)];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** The present hour of the week in a zone. */
function presentPlace(zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  }).formatToParts();
  const find = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(find('weekday'))} ${Number(find('hour'))}`;
}
