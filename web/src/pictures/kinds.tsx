/** Which picture shows a report: by the kind that it declares, or one that is made for its question. */
import type { Report } from '../api/types.ts';
import { Bars } from './Bars.tsx';
import { Funnel } from './Funnel.tsx';
import { Gauge } from './Gauge.tsx';
import { Grid } from './Grid.tsx';
import { Line } from './Line.tsx';
import type { PictureProps } from './props.ts';
import { Tiles } from './Tiles.tsx';

type PictureComponent = React.ComponentType<PictureProps>;

// All of them are one file with the tables: each by itself would be a request more, and a flash of nothing before it.
const byKind: Record<Report['picture']['kind'], PictureComponent> = {
  tiles: Tiles,
  line: Line,
  bars: Bars,
  grid: Grid,
  gauge: Gauge,
  table: () => null,
};

const byReport: Record<string, PictureComponent> = { funnel: Funnel };

/** The picture of a report. */
export const pictureFor = ({ name, picture }: Report): { Picture: PictureComponent } => ({
  Picture: (Object.hasOwn(byReport, name) ? byReport[name] : undefined) ?? byKind[picture.kind],
});
