// Counts frames that belong to no run in hand: a second result, or one for a run that is over. A few are an
// accident, many an attack. Owned by an instance.
import * as frames from '../../../contract/frames.cjs';

const MOST_BYTES = 1024 * 1024;

export class StrayFrames {
  #bytes = 0;
  #mostBytes = MOST_BYTES;

  /** @throws FrameError when there are too many */
  count(payload: Buffer): void {
    this.#bytes += frames.HEADER_BYTES + payload.length;
    if (this.#bytes > this.#mostBytes) throw new frames.FrameError('too many frames that belong to no run');
  }

  /** A run begins: its predecessors' are forgiven. */
  forget(): void {
    this.#bytes = 0;
  }

  /** So many more are to be expected, of a run that was given up. */
  allow(sizeBytes: number): void {
    this.#mostBytes += sizeBytes;
  }
}
