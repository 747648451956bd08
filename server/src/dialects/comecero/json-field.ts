// Reads a form's field that is JSON text, within the bounds of every JSON body. Pure. Called by the readers
// of forms.

import { fail } from '../../errors/failure.ts';
import { jsonProblem, ORDINARY_BOUNDS } from '../../http/json-bounds.ts';
import { parseJsonFile } from '../../http/parse-json-file.ts';

/** @throws SyntaxError where it is none, Failure `invalid_input` where it is too deep or too much */
export function parseJsonField(text: string, field: string): unknown {
  const problem = jsonProblem(Buffer.from(text), ORDINARY_BOUNDS);
  if (problem !== null) fail('invalid_input', { message: `${field}: ${problem}`, field });
  return parseJsonFile(text);
}
