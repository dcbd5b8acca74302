/** Which picture shows a report: by the kind that it declares, or one that is made for its question. */
import { lazy } from 'react';
import type { Own } from '../api/queries.ts';
import type { Answer, Report } from '../api/types.ts';
import type { OnOpen } from '../table/ReportTable.tsx';

/** What a picture is drawn of. */
export interface PictureProps {
  report: Report;
  answer: Answer;
  own: Own;
  /** Undefined where the role may not see the calls. */
  onOpen: OnOpen | undefined;
  /** Among others on a page: smaller, and without what only its own page has room for. */
  isSmall?: boolean;
}

type PictureComponent = React.ComponentType<PictureProps>;

const load = (find: () => Promise<PictureComponent>) => lazy(async () => ({ default: await find() }));

const byKind: Record<Report['picture']['kind'], PictureComponent> = {
  tiles: load(() => import('./Tiles.tsx').then(({ Tiles }) => Tiles)),
  line: load(() => import('./Line.tsx').then(({ Line }) => Line)),
  bars: load(() => import('./Bars.tsx').then(({ Bars }) => Bars)),
  grid: load(() => import('./Grid.tsx').then(({ Grid }) => Grid)),
  gauge: load(() => import('./Gauge.tsx').then(({ Gauge }) => Gauge)),
  table: () => null,
};

const byReport: Record<string, PictureComponent> = {
  funnel: load(() => import('./Funnel.tsx').then(({ Funnel }) => Funnel)),
};

/** The picture of a report. */
export const pictureFor = ({ name, picture }: Report): { Picture: PictureComponent } => ({
  Picture: (Object.hasOwn(byReport, name) ? byReport[name] : undefined) ?? byKind[picture.kind],
});

/** What stands where a picture will be, about as large as it. */
export function Waiting({ report: { name, picture }, isSmall = false }: { report: Report; isSmall?: boolean }) {
  const kind = Object.hasOwn(byReport, name) ? name : picture.kind;
  return picture.kind === 'table' ? null : (
    <output className="waiting" data-kind={kind} data-small={isSmall || undefined} aria-busy="true" />
  );
}
