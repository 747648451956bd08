// JSON files that say what a folder's code is: package.json, and the metas of projects. Those of people have
// some kilobytes; what is larger isn't read, since a text of brackets makes objects of a hundred times its
// size. Pure.
import { parseJsonFile } from '../../../http/parse-json-file.ts';

export const MOST_JSON_BYTES = 256 * 1024;

export function isTooLarge(content: Buffer): boolean {
  return content.length > MOST_JSON_BYTES;
}

/** @throws SyntaxError, RangeError for one that is too large */
export function readUsersJson(content: Buffer): unknown {
  if (isTooLarge(content)) throw new RangeError(`it has over ${MOST_JSON_BYTES} bytes`);
  return parseJsonFile(content.toString());
}
