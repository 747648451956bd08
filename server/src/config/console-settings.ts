// The settings of people: where they sign in. Pure; part of config.ts, which reports all problems at once.
import type { SettingReader } from './setting-reader.ts';

export type ConsoleSettings = {
  /**
   * Where people sign in: a host of its own, on which no function answers. No trailing slash.
   * MILLRACE_CONSOLE_URL
   */
  consoleUrl: string;
  /** Origins whose pages may frame a portal, and be returned to. MILLRACE_PORTAL_ORIGINS */
  portalOrigins: string[];
};

export const CONSOLE_SETTING_NAMES = ['MILLRACE_CONSOLE_URL', 'MILLRACE_PORTAL_ORIGINS'] as const;

type Read = Pick<SettingReader, 'text' | 'list'>;

/** Browsers take what comes from there for safe without TLS. */
const LOOPBACK = /^(localhost|.+\.localhost|127\.[0-9.]+|\[::1\])$/;

export function parseConsoleSettings(
  { text, list }: Read,
  { port, publicUrl }: { port: number; publicUrl: string },
  problems: string[],
): ConsoleSettings {
  const portalOrigins = parseOrigins(list('MILLRACE_PORTAL_ORIGINS'), problems);
  const usual = `http://console.localhost:${port}`;
  const value = text('MILLRACE_CONSOLE_URL') ?? usual;
  const url = URL.canParse(value) ? new URL(value) : null;
  const isPlain = url !== null && `${url.origin}/` === url.href && /^https?:$/.test(url.protocol);
  if (url === null || !isPlain) {
    problems.push('MILLRACE_CONSOLE_URL must be an http or https address without user, path and query');
    return { consoleUrl: usual, portalOrigins };
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    problems.push(
      'MILLRACE_CONSOLE_URL must begin with https://, unless its host is localhost or ends in it',
    );
  }
  if (URL.canParse(publicUrl) && url.hostname === new URL(publicUrl).hostname) {
    problems.push(
      'MILLRACE_CONSOLE_URL must have another host than MILLRACE_PUBLIC_URL, where functions answer',
    );
  }
  return { consoleUrl: url.origin, portalOrigins };
}

function parseOrigins(given: string[], problems: string[]): string[] {
  for (const origin of given.filter((text) => !URL.canParse(text) || new URL(text).origin !== text)) {
    problems.push(
      `MILLRACE_PORTAL_ORIGINS: ${JSON.stringify(origin)} is not an origin such as https://app.example.com`,
    );
  }
  return given;
}
