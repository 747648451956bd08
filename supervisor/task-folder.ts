// What a jail has as /var/task: a bundle from the start, or nothing until a blank jail is given one, once.
// The work is done by assign-bundle.sh, which waits beside the jail: by then every millisecond is part of a
// cold start. Called by jail.ts.
//
//   staging -> empty -> taken        (taken for good: a blank jail never serves two functions, not even after a failure)
import type { Duplex } from 'node:stream';
import { LineReader } from '../contract/line-reader.ts';

const LINE_LIMIT_BYTES = 4096;

export class TaskFolder {
  readonly #channel: Duplex;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #reader = new LineReader(LINE_LIMIT_BYTES);
  readonly #lines: string[] = [];
  #state: 'staging' | 'empty' | 'taken' = 'staging';

  /** @param channel to and from assign-bundle.sh */
  constructor(channel: Duplex) {
    this.#channel = channel;
    this.#chunks = channel[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    // One who has gone is noticed by what isn't read any more.
    channel.on('error', () => {});
  }

  /** Resolves once the jail's mounts are such that code can be added. @throws Error when it ended before */
  async staged(): Promise<void> {
    await this.#expect('staged');
    this.#state = 'empty';
  }

  /**
   * @param bundleHash hexadecimal, as `layerHash`
   * @throws Error when there is code already, the jail has ended, or the bundle isn't there or lies behind a
   * link
   */
  async bind(bundleHash: string, layerHash: string | null): Promise<void> {
    if (this.#state !== 'empty') throw new Error('the sandbox has its code already');
    this.#state = 'taken';
    this.#channel.write(`${bundleHash} ${layerHash ?? ''}\n`);
    await this.#expect('assigned');
    this.close();
  }

  close(): void {
    this.#channel.destroy();
  }

  async #expect(word: string): Promise<void> {
    while (this.#lines.length === 0) {
      const { value, done } = await this.#chunks.next();
      if (done === true) throw new Error('the blank jail has ended');
      this.#lines.push(...this.#reader.push(value));
    }
    const line = this.#lines.shift();
    if (line !== word) throw new Error(`the code can't be mounted: ${line}`);
  }
}
