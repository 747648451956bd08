// JSON that a command is given: as text, as a file (`@data.json`), or on standard input (`@-`).
import { text as readAll } from 'node:stream/consumers';
import { CliError } from '../cli-error.ts';
import { readFileText } from './ask-person.ts';

/** @throws CliError `bad_json` `no_file` */
export async function readJson(given: string): Promise<unknown> {
  const text = !given.startsWith('@')
    ? given
    : given === '@-'
      ? await readAll(process.stdin)
      : readFileText(given.slice(1));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError('bad_json', `that is no JSON: ${(error as Error).message}`, {
      next: `--data '{"name": "Ann"}', --data @file.json, or --data @-`,
    });
  }
}
