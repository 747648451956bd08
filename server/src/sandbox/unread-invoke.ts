// Knows of a run whose sandbox has ended whether its runtime can have begun it, where runs come in turn. An
// INVOKE that was not read whole was not begun. The kernel says so for nothing: it resets a Unix socket whose
// other end goes while bytes are unread there (ECONNRESET), and refuses to write to one that has gone
// (EPIPE). A frame that says "begun" would cost a wake-up each run. Never guesses: what isn't certain counts
// as begun. Owned by an instance.
import type { Duplex } from 'node:stream';

const LEFT_UNREAD = new Set(['ECONNRESET', 'EPIPE']);

export class UnreadInvoke {
  /**
   * Nonce of the run whose INVOKE is the last frame that was sent; null: another frame was sent behind it.
   */
  #nonce: Buffer | null = null;
  /** Whether the kernel has taken all of that frame. */
  #isTaken = false;
  /** Whether the last frame was left unread, or some of it. */
  #isLeft = false;

  /** Sends the INVOKE of a run. */
  send(control: Duplex, nonce: Buffer, frame: Buffer): void {
    this.#nonce = nonce;
    this.#isTaken = false;
    control.write(frame, (error) => {
      if (this.#nonce === nonce && (error === undefined || error === null)) this.#isTaken = true;
    });
  }

  /** Another frame has been sent: what is left unread may be that one alone. */
  forget(): void {
    this.#nonce = null;
  }

  /** The socket has failed. */
  failed(error: NodeJS.ErrnoException): void {
    if (LEFT_UNREAD.has(error.code ?? '')) this.#isLeft = true;
  }

  /** Whether the run certainly hasn't begun. To be asked when the socket has closed. */
  isOf(nonce: Buffer): boolean {
    return this.#nonce === nonce && (!this.#isTaken || this.#isLeft);
  }
}
