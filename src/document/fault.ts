/** How faults in JSON files are told to their authors: the file, the place in it, and what to do. */
import { shorten } from './short.ts';

/** Something wrong in a JSON file that people write, where it is, and what to do. */
export interface Fault {
  /** The file, as a path that its author knows. */
  file: string;
  /** Where in the file, as a JSON path (RFC 9535). */
  path: string;
  message: string;
}

/** A place in a JSON text: names and positions from its root. */
export type Place = readonly (string | number)[];

/** What is wrong at a place of a JSON text. */
export interface PlacedFault {
  place: Place;
  message: string;
}

/** A fault whose message is made when it is asked for: of very many, few are. */
export function toFault(place: Place, toMessage: () => string): PlacedFault {
  return {
    place,
    get message() {
      return toMessage();
    },
  };
}

/** A place as a JSON path, such as `$.reports['time-series'].columns[2]`. */
export function toJsonPath(place: Place): string {
  const steps = place.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[A-Za-z_]\w{0,99}$/.test(step)
      ? `.${step}`
      : `['${shorten(step)
          .replace(/[\\']/g, '\\$&')
          .replace(/\p{Cc}/gu, '\ufffd')}']`;
  });
  return `$${steps.join('')}`;
}

/** The place that a JSON pointer (RFC 6901) names in a value. */
export function toPlace(pointer: string, root: unknown): Place {
  let value = root;
  return pointer
    .split('/')
    .slice(1)
    .map((escaped) => {
      const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(name) : name;
      value = (value as Record<string | number, unknown> | undefined)?.[step];
      return step;
    });
}

/** A fault as one line. */
export const toLine = ({ file, path, message }: Fault): string => `${file} at ${path}: ${message}`;
