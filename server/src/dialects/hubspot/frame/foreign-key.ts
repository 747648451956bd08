// What is said of a key that no account here has. HubSpot's own keys reach us by mistake, when its CLI still
// reads its usual configuration: the sender hears that plainly. Pure: nothing of a key is kept, logged or
// said.

/** Personal access keys, access tokens of private apps, and the API keys of before. */
const HUBSPOT_KEYS = [
  /^Ci[A-Za-z0-9+/_-]{20,}={0,2}$/,
  /^pat-[a-z]{2,4}\d?-[0-9a-f-]{20,}$/i,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
];

export function wrongKeyWords(key: string): string {
  const isHubspots = HUBSPOT_KEYS.some((pattern) => pattern.test(key));
  if (!isHubspots) return 'this token is not valid, or no longer: it is none of this Millrace';
  return (
    'this key is no token of this Millrace. It looks like a key of HubSpot: nothing of it was kept or logged. ' +
    'Set HUBSPOT_PERSONAL_ACCESS_KEY to a token of Millrace and add --use-env, so that the CLI leaves its own configuration alone'
  );
}
