/** How it stands with the word of new rows, for whoever says as of when its numbers are. */
import { createContext, useContext } from 'react';
import type { Liveness } from '../api/live.ts';

/** Lets everything inside know. */
export const Live = createContext<Liveness>({ isConnected: true, at: 0 });

/** How it stands. */
export const useLiveness = (): Liveness => useContext(Live);
