// Finds who listens to an event: an index over the interests of one world, and the question put to it. Pure;
// the same for triggers, which run a function, and for whatever else listens. An event with 10,000 interests
// indexed is matched in far less than 1 ms: only those that name one of its notations are looked at.

/** One that listens. */
export type Interest = {
  id: string;
  /** Of all interests of one recipient that match an event, one is used: a function runs once per event. */
  recipient: string;
  /** Types or notations. */
  notations: readonly string[];
  /** Empty: of every campaign, of every shop. */
  campaigns: readonly string[];
  shops: readonly string[];
  /** What is copied of it for each event that it gets; absent: nothing. */
  copiedBytes?: number;
};

/** What of an event decides who hears of it. Notations: most specific first, prefixes included. */
export type Matchable = { notations: readonly string[]; campaign: string | null; shop: string | null };

export type Match<I extends Interest> = {
  interest: I;
  /** The most specific of the event's notations that it listens to. */
  notation: string;
};

type Filtered<I> = { interest: I; campaigns: ReadonlySet<string> | null; shops: ReadonlySet<string> | null };

/** By notation; where a recipient listens to one notation twice, the earlier interest is used. */
export type EventIndex<I extends Interest> = ReadonlyMap<string, readonly Filtered<I>[]>;

export function indexInterests<I extends Interest>(interests: readonly I[]): EventIndex<I> {
  const index = new Map<string, Filtered<I>[]>();
  for (const interest of interests) {
    const filtered = { interest, campaigns: setOf(interest.campaigns), shops: setOf(interest.shops) };
    for (const notation of new Set(interest.notations)) {
      const listening = index.get(notation);
      if (listening === undefined) index.set(notation, [filtered]);
      else listening.push(filtered);
    }
  }
  return index;
}

/** @returns at most one match for each recipient, the most specific notation first */
export function matchEvent<I extends Interest>(index: EventIndex<I>, event: Matchable): Match<I>[] {
  const matches = new Map<string, Match<I>>();
  for (const notation of event.notations) {
    for (const { interest, campaigns, shops } of index.get(notation) ?? []) {
      if (matches.has(interest.recipient)) continue;
      if (passes(campaigns, event.campaign) && passes(shops, event.shop)) {
        matches.set(interest.recipient, { interest, notation });
      }
    }
  }
  return [...matches.values()];
}

/** How many listen to an event, and what is copied of them for it. */
export type MatchCount = { rows: number; bytes: number };

/** @returns how many {@link matchEvent} would find */
export function countMatches<I extends Interest>(index: EventIndex<I>, event: Matchable): MatchCount {
  const recipients = new Set<string>();
  let bytes = 0;
  for (const notation of event.notations) {
    for (const { interest, campaigns, shops } of index.get(notation) ?? []) {
      if (recipients.has(interest.recipient)) continue;
      if (!passes(campaigns, event.campaign) || !passes(shops, event.shop)) continue;
      recipients.add(interest.recipient);
      bytes += interest.copiedBytes ?? 0;
    }
  }
  return { rows: recipients.size, bytes };
}

function setOf(names: readonly string[]): ReadonlySet<string> | null {
  return names.length === 0 ? null : new Set(names);
}

/** An event that belongs to none is not of a certain one. */
function passes(wanted: ReadonlySet<string> | null, actual: string | null): boolean {
  return wanted === null || (actual !== null && wanted.has(actual));
}
