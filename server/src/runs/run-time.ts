// A run's id begins with its time (UUID version 7): which ids a time may have, and which day one lies in.
// Pure; called by stores of the history.

/** A day of UTC: whole days since 1970. */
export type Day = number;
export const DAY_MS = 86_400_000;

/**
 * How far an id may lie from the time of creation, which is the database's: what waits to be accepted, and
 * clocks that differ.
 */
export const ID_SLACK_MS = 60_000;

/** The least id of a moment. */
export function firstIdOf(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** The moment that an id begins with: Unix time in ms. */
export function msOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

export function dayOfId(id: string): Day {
  return Math.floor(msOfId(id) / DAY_MS);
}
