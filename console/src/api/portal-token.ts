// Whether this page is a portal, shown inside another product, and the token of its session. Kept with the
// tab as long as that: a frame of another site has no cookies, and a link opens once. Called by requests and
// by the shell.
export const isPortal = /^\/portal(\/|$)/.test(location.pathname);

const KEPT = 'millrace.portal';

export function portalToken(): string | null {
  return isPortal ? sessionStorage.getItem(KEPT) : null;
}

export function keepPortalToken(token: string): void {
  sessionStorage.setItem(KEPT, token);
}
