// The log of a process: lines for people on a terminal, JSON for machines elsewhere, unless MILLRACE_LOG_FORMAT says otherwise.
import { type Logger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { Config } from '../config/config.ts';

/** @param name of the process, where it isn't the server */
export function openLog(config: Config, name?: string): Logger {
  const options = { level: config.logLevel, ...(name === undefined ? {} : { name }) };
  const format = config.logFormat ?? (process.stdout.isTTY ? 'text' : 'json');
  if (format === 'json') return pino(options);
  const lines = PinoPretty({
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
    sync: true,
  });
  return pino(options, lines);
}
