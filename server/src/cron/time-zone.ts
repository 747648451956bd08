// Which names of time zones are taken: the IANA names, aliases such as US/Eastern included. Pure.

const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/;
const MOST_MATCHES = 3;
/** Further apart than this share of its letters, a name isn't meant. */
const FAR = 0.4;

/** What people call them, and what isn't among the names that the runtime lists. */
const ALIASES: Record<string, string> = {
  'US/Eastern': 'US/Eastern',
  'US/Central': 'US/Central',
  'US/Mountain': 'US/Mountain',
  'US/Pacific': 'US/Pacific',
  UTC: 'UTC',
  Eastern: 'US/Eastern',
  Central: 'US/Central',
  Mountain: 'US/Mountain',
  Pacific: 'US/Pacific',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  EDT: 'America/New_York',
  CDT: 'America/Chicago',
  MDT: 'America/Denver',
  BST: 'Europe/London',
  IST: 'Asia/Kolkata',
  CEST: 'Europe/Berlin',
  AEST: 'Australia/Sydney',
  JST: 'Asia/Tokyo',
};

/** @returns the rule that a name breaks, with near matches, as the end of a sentence; null: it is fine */
export function timeZoneProblem(name: string): string | null {
  if (isTimeZone(name)) return null;
  const rule = 'must be an IANA time zone such as UTC, Europe/Berlin or US/Eastern';
  const near = nearTimeZones(name);
  return near.length === 0 ? rule : `${rule}; did you mean ${near.join(' or ')}?`;
}

/**
 * IANA names of three letters. Intl takes others too (IST, CST), which mean several zones to as many people.
 */
const THREE_LETTERS = /^(UTC|GMT|UCT|EST|MST|HST|CET|MET|EET|WET|PRC|ROC|ROK)$/i;

/** Intl also takes offsets such as +05:00, which are no time zones: they know no summer. */
function isTimeZone(name: string): boolean {
  if (name.length > 64 || !NAME.test(name)) return false;
  if (/^[a-z]{3}$/i.test(name) && !THREE_LETTERS.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The nearest names, best first. */
export function nearTimeZones(name: string): string[] {
  const sought = simplified(name.slice(0, 64));
  if (sought === '') return [];
  const alias = Object.entries(ALIASES).find(([word]) => simplified(word) === sought)?.[1];
  const known = [...Object.values(ALIASES), ...Intl.supportedValuesOf('timeZone')];
  const ranked = [...new Set(known)]
    .map((zone) => ({ zone, distance: distanceTo(sought, zone) }))
    .filter(({ distance }) => distance <= FAR)
    .sort((one, other) => one.distance - other.distance)
    .map(({ zone }) => zone);
  return [...new Set([...(alias === undefined ? [] : [alias]), ...ranked])].slice(0, MOST_MATCHES);
}

/** Of the whole name or of its city alone, as a share of the letters. */
function distanceTo(sought: string, zone: string): number {
  const candidates = [zone, zone.split('/').at(-1) ?? zone].map(simplified);
  return Math.min(
    ...candidates.map((text) => editDistance(sought, text) / Math.max(sought.length, text.length)),
  );
}

function simplified(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9+]/g, '');
}

/** Letters to change, add or drop (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, against] of [...other].entries()) {
      const changed = (row[j] as number) + (letter === against ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}
