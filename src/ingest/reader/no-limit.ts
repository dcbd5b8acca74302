/** Whoever reads ends with its process when its time is over; no statement of its engine does before. */
export const noLimit = { timeoutMs: 24 * 3_600_000 };
