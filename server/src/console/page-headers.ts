// The headers of the console's pages: nothing of another host is loaded, no other page frames them but a
// portal's, which the operator's own product shows. Pure. Called by answer-page.ts.

/** `portalOrigins`: may frame a portal; and its theme may bring a picture and a font from there. */
type Settings = { consoleUrl: string; portalOrigins: readonly string[] };

const PORTAL = /^\/portal(\/|$)/;
const YEAR_S = 31_536_000;

export function pageHeaders(path: string, { consoleUrl, portalOrigins }: Settings): Record<string, string> {
  const origins = PORTAL.test(path) ? portalOrigins : [];
  const further = origins.map((origin) => ` ${origin}`).join('');
  const policy = [
    "default-src 'self'",
    "script-src 'self'",
    "worker-src 'self'",
    // The editor makes style elements as it is used; no text of ours ever becomes one.
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data:${further}`,
    `font-src 'self' data:${further}`,
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors${further === '' ? " 'none'" : further}`,
  ].join('; ');
  return {
    ...fileHeaders(consoleUrl),
    'content-security-policy': policy,
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  };
}

/** Of the manual's pages: nothing of another host, and no style or script but those of files. */
export function manualHeaders(consoleUrl: string): Record<string, string> {
  const own = ['script-src', 'style-src', 'img-src', 'font-src', 'connect-src', 'form-action'];
  const policy = [
    "default-src 'none'",
    ...own.map((kind) => `${kind} 'self'`),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return { ...fileHeaders(consoleUrl), 'content-security-policy': policy.join('; ') };
}

/** Of scripts, styles and pictures: no page of another host gets at them. */
export function fileHeaders(consoleUrl: string): Record<string, string> {
  const isSecure = consoleUrl.startsWith('https:');
  return {
    'x-content-type-options': 'nosniff',
    // Requests of forms would have no origin with `no-referrer`, which is what the API goes by.
    'referrer-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(isSecure ? { 'strict-transport-security': `max-age=${YEAR_S}` } : {}),
  };
}
