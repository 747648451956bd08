// What a command says when it can't go on: a code, a sentence, and what to do next.

export class CliError extends Error {
  readonly code: string;
  /** 1: the caller can mend it. 2: Millrace, or the way to it, is at fault. */
  readonly exitStatus: 1 | 2;

  constructor(code: string, message: string, exitStatus: 1 | 2 = 1) {
    super(message);
    this.name = 'CliError';
    this.code = code;
    this.exitStatus = exitStatus;
  }
}
