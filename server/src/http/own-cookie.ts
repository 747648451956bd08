// Which cookies are the platform's own. Pure. Called where a function's cookies go out, and where a caller's
// are shown to it.

/** Also of those that a browser only takes from the host itself. */
const OWN_COOKIE = /^(__host-|__secure-)?millrace([_-]|$)/i;

export function isOwnCookie(name: string): boolean {
  return OWN_COOKIE.test(name);
}
