// A promise that is rejected and that nobody waits for costs what it was part of, not the process with
// everything else in hand. It is a defect of ours, and is logged as one. What is thrown outside of promises
// ends the process as before: there, nothing says how much was left half done. Called by the server's role.
import type { Logger } from 'pino';

/** @returns how to end it */
export function surviveRejections(
  log: Pick<Logger, 'error'>,
  onRejection: () => void = () => {},
): () => void {
  const survive = (reason: unknown): void => {
    onRejection();
    log.error({ err: reason }, 'a defect: a promise was rejected and nobody waited for it');
  };
  process.on('unhandledRejection', survive);
  return () => process.off('unhandledRejection', survive);
}
