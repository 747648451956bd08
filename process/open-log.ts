// The log of a process: lines for people on a terminal, JSON for machines elsewhere, unless
// MILLRACE_LOG_FORMAT says otherwise. What makes lines for people is loaded where they are made.
import { type Logger, pino } from 'pino';

export type LogSettings = { logLevel: string; logFormat: 'text' | 'json' | null };

/** @param name of the process, where it isn't the server */
export async function openLog({ logLevel, logFormat }: LogSettings, name?: string): Promise<Logger> {
  const options = { level: logLevel, ...(name === undefined ? {} : { name }) };
  const format = logFormat ?? (process.stdout.isTTY ? 'text' : 'json');
  if (format === 'json') return pino(options);
  const { PinoPretty } = await import('pino-pretty');
  const lines = PinoPretty({
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
    sync: true,
  });
  return pino(options, lines);
}
