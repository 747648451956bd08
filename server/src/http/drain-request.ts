// Reads what is left of a refused request and throws it away, within bounds: a client that is still sending
// would otherwise find its connection reset and never see the answer. Called before a body over the limit, or
// one that nobody wants, is answered.
import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_MS = 10_000;

/** Resolves when the body has ended, or a bound is reached, or the client is gone. Never rejects. */
export function drainRequest(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let bytes = 0;
    const timer = setTimeout(finish, MOST_MS);
    function finish(): void {
      clearTimeout(timer);
      request.off('data', count).off('end', finish).off('close', finish).off('error', finish);
      request.pause();
      resolve();
    }
    function count(chunk: Buffer): void {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) finish();
    }
    request.on('data', count).on('end', finish).on('close', finish).on('error', finish);
    request.resume();
  });
}
