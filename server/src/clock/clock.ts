// Time as an argument: what needs the time is handed a Clock.

/** Unix time in ms. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
