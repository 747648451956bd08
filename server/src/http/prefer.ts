// What a caller prefers by the header `Prefer` (RFC 7240). Pure.

/** Whether the caller would rather learn that a request was accepted than wait for its result. */
export function prefersAsync(header: string | string[] | undefined): boolean {
  if (header === undefined) return false;
  const preferences = String(header).split(',');
  return preferences.some((preference) => preference.split(';')[0]?.trim().toLowerCase() === 'respond-async');
}
