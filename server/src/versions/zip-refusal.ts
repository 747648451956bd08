// How every refusal of an uploaded zip is worded: what is wrong, and in which entry. Called by all that looks
// into zips.
import { fail } from '../errors/failure.ts';

const SHOWN_CHARACTERS = 200;

/**
 * @param problem  the end of a sentence that begins with the entry's name: `is encrypted`
 * @throws Failure `invalid_input`, always
 */
export function refuseEntry(name: string, problem: string): never {
  const shown = name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}...` : name;
  fail('invalid_input', {
    message: `The zip can't be used: its entry ${JSON.stringify(shown)} ${problem}.`,
    field: 'file',
    facts: { entry: shown },
  });
}

/**
 * @param problem  a whole clause about the zip itself: `it holds no files`
 * @throws Failure `invalid_input`, always
 */
export function refuseZip(
  problem: string,
  details: { facts?: Record<string, string | number>; cause?: unknown } = {},
): never {
  fail('invalid_input', { message: `The zip can't be used: ${problem}.`, field: 'file', ...details });
}
