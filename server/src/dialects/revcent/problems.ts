// Everything that is wrong with what a caller sent, reported at once: an import file is corrected in one go.
// Rendered by revcent-envelope.ts; the sentence itself names them all for who sees only that.
import { Failure } from '../../errors/failure.ts';

export type Problem = {
  field: string;
  /** What stands behind the field's name in a sentence. */
  rule: string;
  /** In the text that was sent, where it could not be read at all. From 1. */
  line?: number;
  column?: number;
};

/** More don't help the one who corrects them. */
export const MOST_TOLD = 50;

export class ProblemsFound extends Failure {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const told = problems.slice(0, MOST_TOLD);
    const [first] = told;
    super('invalid_input', {
      message: told.map(({ field, rule }) => `${field} ${rule}`).join('; '),
      ...(first === undefined ? {} : { field: first.field }),
    });
    this.problems = told;
  }
}
