// Durations as they are kept and shown: whole hundredths of a millisecond, as in a log's REPORT line. Pure.

/** @param ms as a clock measures it, with as many decimals as a double has */
export function inMs(ms: number): number {
  return Math.round(ms * 100) / 100;
}
