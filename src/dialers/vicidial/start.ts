/** When a row of one of VICIdial's logs began: its epoch or its wall clock, whichever can be trusted. */
import type { ReadLocal } from '../local-time.ts';

/** What a log tells of a row's time. */
export interface Timed {
  call_date: string | null;
  start_epoch: number | null;
}

/** An epoch of before 1971 is none. */
export const firstEpoch = 31_536_000;

/** Whether it is the epoch of a call. */
export const isEpoch = (epoch: number | null): epoch is number => epoch !== null && epoch >= firstEpoch;

/** When a row began, in epoch milliseconds: by its epoch, which no clock that is set moves, else by its wall clock. */
export function toStart({ call_date, start_epoch }: Timed, readLocal: ReadLocal): number | undefined {
  return isEpoch(start_epoch) ? start_epoch * 1000 : readLocal(call_date);
}
