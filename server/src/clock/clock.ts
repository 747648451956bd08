// Time as an argument: whoever needs the time is handed a Clock.

/** Unix time in ms. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
