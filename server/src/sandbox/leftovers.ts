// The work that a run has left after its answer, and how long it keeps its instance: until the runtime says
// that it is idle, the run's time is over, or another run needs the instance. Owned by an instance; knows no
// frames.
import type { OutcomeHead } from '../../../contract/frames.cjs';

/** How long such work may keep the instance from another run that waits for it. ms */
const PATIENCE_MS = 100;

export class Leftovers {
  /** The work in hand: how it is ended. */
  #end: ((idle: OutcomeHead | null) => void) | null = null;
  #nonce: Buffer | null = null;
  /** The runtime was idle before anybody waited for it: it often says so right behind the answer. */
  #early: OutcomeHead | null = null;
  /**
   * The last work was not done in time: something is open that never ends by itself, as connection pools are.
   */
  #isEndless = false;
  /** Another run waits for the instance. */
  #isWanted = false;
  /** The sandbox is gone. */
  #isOver = false;

  /**
   * A run has been answered whose work goes on. To be called with its answer, before another frame is read.
   */
  begin(nonce: Buffer): void {
    this.#nonce = nonce;
    this.#early = null;
  }

  /**
   * Waits for the work of the run that was answered last.
   * @returns what the runtime says when it is idle; null: the work goes on, or ended with the sandbox
   */
  async wait(leftMs: number): Promise<OutcomeHead | null> {
    let timer: NodeJS.Timeout | undefined;
    const idle = await new Promise<OutcomeHead | null>((resolve) => {
      this.#end = resolve;
      if (this.#early !== null) resolve(this.#early);
      timer = setTimeout(() => resolve(null), leftMs);
      if (this.#isOver) resolve(null);
      if (this.#isWanted) this.hurry();
    });
    clearTimeout(timer);
    this.#end = null;
    this.#nonce = null;
    this.#isWanted = false;
    this.#isEndless = idle === null;
    return idle;
  }

  /** The run that was answered last has left nothing: who has waited for the instance gets it now. */
  none(): void {
    this.#isWanted = false;
  }

  /** The sandbox is gone, and all work with it. */
  end(): void {
    this.#isOver = true;
    this.#end?.(null);
  }

  /** Whether a frame with this nonce is about the work in hand. */
  isOf(nonce: Buffer): boolean {
    return this.#nonce?.equals(nonce) === true;
  }

  /** Said once: from then on a frame with that nonce belongs to nobody. */
  done(idle: OutcomeHead): void {
    this.#nonce = null;
    if (this.#end === null) this.#early = idle;
    else this.#end(idle);
  }

  /** Another run waits for the instance: the work has little more time to itself. */
  hurry(): void {
    this.#isWanted = true;
    const end = this.#end;
    if (end === null) return;
    if (this.#isEndless) end(null);
    else setTimeout(() => end(null), PATIENCE_MS).unref();
  }
}
