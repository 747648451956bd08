// When a name's certificate is asked for again: renewed when a third of its life is left; after a refusal,
// later each time. Pure. The authority's limits in mind: of refused proofs it allows a name about five an
// hour, of orders a few hundred in some hours.

const FIRST_PAUSE_S = 900;
const LONGEST_PAUSE_S = 86_400;
const FIRST_REST_S = 30;
const LONGEST_REST_S = 3_600;
/** However short the life that the authority gives. */
const LEAST_LIFE_S = 5;

/** @returns seconds from now */
export function renewalIn(validFrom: Date, validTo: Date, nowMs: number): number {
  const renewAtMs = validFrom.getTime() + ((validTo.getTime() - validFrom.getTime()) * 2) / 3;
  return Math.max(LEAST_LIFE_S, (renewAtMs - nowMs) / 1000);
}

/** @param failures in a row, with this one. @returns seconds from now */
export function retryIn(failures: number, retryAfterS: number): number {
  return Math.max(retryAfterS, Math.min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** Math.min(failures - 1, 20)));
}

/** How long an authority is left alone that wasn't there. @returns seconds from now */
export function restFor(failures: number): number {
  return Math.min(LONGEST_REST_S, FIRST_REST_S * 2 ** Math.min(failures - 1, 20));
}
