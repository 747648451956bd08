// A log as text for people, where a caller asks for `?format=text`: the whole of it, without pages. Pure.
import { z } from 'zod';
import type { RunLogLine } from '../logs/run-log.ts';
import { ApiReply } from './millrace-api.ts';
import { readChoice } from './query-filter.ts';
import type { QueryParameters } from './query-parameters.ts';

const FORMATS = ['json', 'text'] as const;
const LONGEST_STREAM = 'platform'.length;

/** What an endpoint of a log reads of the query besides the paging. */
export const LOG_PARAMETERS: QueryParameters = {
  format: z.enum(FORMATS).default('json').describe('`text`: the whole log as text, without pages'),
};

/** @throws Failure `invalid_input` for a format that there isn't */
export function wantsText(query: Record<string, unknown>): boolean {
  return readChoice(query, 'format', FORMATS) === 'text';
}

export function logText(lines: readonly Pick<RunLogLine, 'at' | 'stream' | 'text'>[]): ApiReply {
  return new ApiReply(200, { 'content-type': 'text/plain; charset=utf-8' }, lines.map(shown).join(''));
}

/**
 * Lambda's runtimes put a whole trace into one line, its lines separated by \r: at a terminal each would
 * overwrite the one before.
 */
function shown({ at, stream, text }: Pick<RunLogLine, 'at' | 'stream' | 'text'>): string {
  const head = `${new Date(at).toISOString()}  ${stream.padEnd(LONGEST_STREAM)}  `;
  return `${head}${text.replaceAll('\r', `\n${' '.repeat(head.length)}`)}\n`;
}
