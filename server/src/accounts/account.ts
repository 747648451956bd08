// What an account and a mode are. Everything that Millrace keeps belongs to one of each.

export const MODES = ['live', 'test'] as const;
export type Mode = (typeof MODES)[number];

/** One of the two worlds of one account: what a token opens, and what every query is limited to. */
export type World = { accountId: string; mode: Mode };
