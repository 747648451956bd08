// Lets no more than a few things happen at a time; the others follow in the order in which they came. Keeps
// strangers' questions from taking every connection to the database.

/** @returns a function that does its work when it is its turn */
export function inTurn(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let going = 0;
  return async (work) => {
    if (going >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else going += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // Its place goes on to the next.
      if (next === undefined) going -= 1;
      else next();
    }
  };
}
