/** The question that all logs answer: what was written down in a span of time, newest first, and how much of it. */
import { count, moment, type RawParams, readParams } from '../../engine/params.ts';
import type { Moment } from '../../engine/time.ts';
import { toWindow } from '../../engine/window.ts';
import type { ParamFault } from '../../faults.ts';
import { earliestMs, endMs } from '../../tables.ts';
import type { Input } from './input.ts';
import { toQuerySchema } from './params-schema.ts';

/** What is asked of a log. */
export interface AskedSpan {
  /** Epoch milliseconds; `to` is exclusive. */
  from: number;
  to: number;
  limit: number;
}

/** The query string of a log of something, such as `exports`. */
export function spanOf(what: string): Input<RawParams, AskedSpan> {
  const params = {
    from: moment(`Only ${what} from then on: an instant, or a date in UTC`),
    to: moment(`Only ${what} before; a date includes that whole day`),
    limit: count('At most so many (default 100)', 1, 1000),
  };
  return {
    schema: toQuerySchema(params),
    read: (raw, context) => {
      const asked = readParams(params, raw, context, (values, faults) => void toSpan(values, faults));
      return { ...toSpan(asked, []), limit: asked.limit ?? 100 };
    },
  };
}

type Asked = { from?: Moment | undefined; to?: Moment | undefined };

/** The window that `from` and `to` mean in UTC; ever, where one is missing. Faults go to `faults`. */
function toSpan({ from, to }: Asked, faults: ParamFault[]): { from: number; to: number } {
  const ever = { from: earliestMs, to: endMs };
  const [first, last] = [from ?? toMoment(ever.from), to ?? toMoment(ever.to)];
  return toWindow(first, last, 'UTC', faults, { maxDays: Number.POSITIVE_INFINITY, fields: ['from', 'to'] }) ?? ever;
}

const toMoment = (ms: number) => ({ kind: 'instant', ms }) as const;
