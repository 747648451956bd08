// The settings of the server's own log. Pure; part of config.ts, which reports all problems at once.
import type { SettingReader } from './setting-reader.ts';

export type LogSettings = {
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** null: text on a terminal, JSON elsewhere. MILLRACE_LOG_FORMAT */
  logFormat: 'text' | 'json' | null;
};

export const LOG_SETTING_NAMES = ['MILLRACE_LOG_LEVEL', 'MILLRACE_LOG_FORMAT'] as const;

export function parseLogSettings({ text }: SettingReader, problems: string[]): LogSettings {
  const logLevel = text('MILLRACE_LOG_LEVEL') ?? 'info';
  if (!isLogLevel(logLevel)) {
    problems.push('MILLRACE_LOG_LEVEL must be trace, debug, info, warn, error or silent');
  }

  const logFormat = text('MILLRACE_LOG_FORMAT');
  if (logFormat !== null && logFormat !== 'text' && logFormat !== 'json') {
    problems.push(`MILLRACE_LOG_FORMAT must be text or json, not ${JSON.stringify(logFormat)}`);
  }
  return { logLevel: logLevel as LogSettings['logLevel'], logFormat: logFormat as LogSettings['logFormat'] };
}

function isLogLevel(value: string): value is LogSettings['logLevel'] {
  return ['trace', 'debug', 'info', 'warn', 'error', 'silent'].includes(value);
}
