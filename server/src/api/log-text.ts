// A log as text for people, where a caller asks for `?format=text`: the whole of it, a line each, without pages. Pure.
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
  const text = lines.map(
    (line) => `${new Date(line.at).toISOString()}  ${line.stream.padEnd(LONGEST_STREAM)}  ${line.text}\n`,
  );
  return new ApiReply(200, { 'content-type': 'text/plain; charset=utf-8' }, text.join(''));
}
