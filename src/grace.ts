/** Milliseconds from a signal until the process ends, whatever is still under way. */
export const GRACE = 10_000;
