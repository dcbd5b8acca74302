/** How other parts of the server hear that reports have something else to show: new rows, mostly. */
import type { TableName } from '../tables.ts';

/** Told after rows of a tenant's table were stored or purged, or its settings changed: every report shows that already. */
export type OnArrival = (tenantId: number, of: TableName | 'settings') => void;

/** Word of rows that were taken in, and of what changes reports without any, for whoever has to look again. */
export interface Arrivals {
  tell: OnArrival;
  /** Gives what stops the listening. A listener returns at once; what it throws is not heard. */
  listen(listener: OnArrival): () => void;
}

/** Word of arrivals inside this process. */
export function openArrivals(): Arrivals {
  const listeners = new Set<OnArrival>();
  return {
    tell(tenantId, of) {
      for (const listener of [...listeners]) {
        try {
          listener(tenantId, of);
        } catch {
          // Rows that are stored are stored, whatever somebody who looks at them runs into.
        }
      }
    },
    listen(listener) {
      // A listener of its own for each call, so that listening twice and stopping once leaves one.
      const own: OnArrival = (tenantId, of) => listener(tenantId, of);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
