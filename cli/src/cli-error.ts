// What a command says when it can't go on: a code, a sentence, and the next command to give.

export class CliError extends Error {
  readonly code: string;
  /** 1: the caller can mend it. 2: Millrace, or the way to it, is at fault. */
  readonly exitStatus: 1 | 2;
  /** A command, or what to do. */
  readonly next: string | null;

  constructor(code: string, message: string, { exitStatus = 1, next = null }: Ending = {}) {
    super(message);
    this.name = 'CliError';
    this.code = code;
    this.exitStatus = exitStatus;
    this.next = next;
  }
}

type Ending = { exitStatus?: 1 | 2; next?: string | null };
