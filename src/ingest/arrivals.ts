/** How other parts of the server hear that new rows are in. */
import type { TableName } from '../tables.ts';

/** Told after rows of a tenant's table were stored: every report shows them already. */
export type OnArrival = (tenantId: number, table: TableName) => void;

/** Word of rows that were taken in, for whoever has to look again. */
export interface Arrivals {
  tell: OnArrival;
  /** Gives what stops the listening. A listener returns at once; what it throws is not heard. */
  listen(listener: OnArrival): () => void;
}

/** Word of arrivals inside this process. */
export function openArrivals(): Arrivals {
  const listeners = new Set<OnArrival>();
  return {
    tell(tenantId, table) {
      for (const listener of [...listeners]) {
        try {
          listener(tenantId, table);
        } catch {
          // Rows that are stored are stored, whatever somebody who looks at them runs into.
        }
      }
    },
    listen(listener) {
      // A listener of its own for each call, so that listening twice and stopping once leaves one.
      const own: OnArrival = (tenantId, table) => listener(tenantId, table);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
