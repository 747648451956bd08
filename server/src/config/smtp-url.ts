// Reads MILLRACE_SMTP_URL. Pure.

export const SMTP_SECURITIES = ['tls', 'starttls', 'none'] as const;
export type SmtpSecurity = (typeof SMTP_SECURITIES)[number];

export type SmtpServer = {
  host: string;
  port: number;
  /** `tls`: from the first byte; `starttls`: demanded before anything is said; `none`: in clear. */
  security: SmtpSecurity;
  username: string | null;
  password: string | null;
};

/** What {@link parseSmtpUrl} takes, in words. */
export const SMTP_URL_RULE =
  'must be smtp://[user:password@]host[:port] (STARTTLS), the same with ?security=none, or smtps://… (TLS)';

/** @returns null for what isn't such a URL */
export function parseSmtpUrl(text: string): SmtpServer | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '' || !/^smtps?:$/.test(url.protocol)) return null;
  if (!/^\/?$/.test(url.pathname) || url.hash !== '') return null;
  const plain = url.searchParams.get('security');
  if (plain !== null && (plain !== 'none' || url.protocol === 'smtps:')) return null;
  const security = url.protocol === 'smtps:' ? 'tls' : plain === 'none' ? 'none' : 'starttls';
  const usualPort = security === 'tls' ? 465 : security === 'none' ? 25 : 587;
  try {
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? usualPort : Number(url.port),
      security,
      username: url.username === '' ? null : decodeURIComponent(url.username),
      password: url.password === '' ? null : decodeURIComponent(url.password),
    };
  } catch {
    return null;
  }
}
