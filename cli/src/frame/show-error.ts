// What is said of an error, and what the program ends with: 1 where the caller can mend it, 2 where Millrace
// or the way to it is at fault. Pure.
import { MillraceError } from '@millrace/client';
import { CliError } from '../cli-error.ts';

export type Told = {
  exitStatus: 1 | 2;
  error: { code: string; message: string; field?: string; reference?: string; next?: string };
};

/** @param help what leads on where nothing better is known: the help of the command */
export function tellError(error: unknown, url: string | null, help: string | null = null): Told {
  if (error instanceof CliError) {
    const { code, message, exitStatus } = error;
    const next = error.next ?? (exitStatus === 1 && code !== 'cancelled' ? help : null);
    return { exitStatus, error: { code, message, ...(next !== null && { next }) } };
  }
  if (error instanceof MillraceError) {
    const { code, message, field, reference } = error;
    const next = nextOf(error, url) ?? (error.isOurs ? 'millrace doctor' : help);
    return {
      exitStatus: error.isOurs ? 2 : 1,
      error: {
        ...{ code, message },
        ...(field !== null && { field }),
        ...(reference !== null && { reference }),
        ...(next !== null && { next }),
      },
    };
  }
  if (isOfSystem(error)) {
    const { code, message } = error;
    const next = help === null ? {} : { next: help };
    return {
      exitStatus: 1,
      error: { code: 'no_file', message: `${code}: ${message.replace(/^\w+: /, '')}`, ...next },
    };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitStatus: 2, error: { code: 'internal', message } };
}

/** A file or folder of this machine that isn't there, or may not be read or written. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

/** The next command. */
function nextOf({ code, status }: MillraceError, url: string | null): string | null {
  if (code === 'unauthorized') return 'millrace login';
  if (code === 'unreachable') return `is ${url ?? 'the address'} right? millrace doctor`;
  if (code === 'unexpected_answer') return `is ${url ?? 'the address'} a Millrace? millrace doctor`;
  if (code === 'insufficient_permissions') return 'take a token that may: millrace tokens list';
  if (status === 429 || status === 503) return 'the same again, a little later';
  return null;
}

export function errorText({ error }: Told, paint: (style: 'red' | 'dim', text: string) => string): string {
  const field = error.field === undefined || error.message.startsWith(error.field) ? '' : ` (${error.field})`;
  const reference = error.reference === undefined ? '' : paint('dim', ` [${error.reference}]`);
  return [
    `millrace: ${paint('red', error.code)}: ${error.message}${field}${reference}`,
    ...(error.next === undefined ? [] : [`  next: ${error.next}`]),
  ].join('\n');
}
