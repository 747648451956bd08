// What is said of a limit of which most is used: by the name and in the unit that its account knows. Pure.

export type NearUse = { limit: string; allowed: number; used: number };

/** @param perUnit of the budget's own unit: 1000 where it counts ms and the limit seconds */
export function nearUse(
  limit: string,
  { budget, granted }: { budget: number; granted: number },
  perUnit: number,
): NearUse {
  return { limit, allowed: budget / perUnit, used: Math.round(Math.min(granted, budget) / perUnit) };
}
