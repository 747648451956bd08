// Which browser on which system a session was begun in, as far as its user agent says it. Pure. Called by the
// list of sessions.
const BROWSERS = [
  ['Edge', /Edg\//],
  ['Opera', /OPR\//],
  ['Firefox', /Firefox\//],
  ['Chrome', /Chrome\//],
  ['Safari', /Safari\//],
  ['curl', /^curl\//],
] as const;
const SYSTEMS = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
] as const;

/** null: nothing that is known. */
export function browserOf(userAgent: string | null): string | null {
  const text = userAgent ?? '';
  const found = [BROWSERS, SYSTEMS].map((list) => list.find(([, pattern]) => pattern.test(text))?.[0]);
  const known = found.filter((one) => one !== undefined);
  return known.length === 0 ? null : known.join(', ');
}
