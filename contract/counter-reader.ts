// Reads a number that the kernel counts for a sandbox's cgroup, through one open descriptor: it costs a
// single system call. Called by supervised-driver.ts, and by the supervisor for a sandbox that has ended.
import { closeSync, openSync, readSync } from 'node:fs';

/** Nanoseconds (cpuacct.usage) and microseconds (cpu.stat) become ms; bytes stay. */
const NS_PER_MS = 1_000_000;
const US_PER_MS = 1_000;

export class CounterReader {
  readonly #scale: number;
  readonly #buffer = Buffer.alloc(512);
  #descriptor: number | null;
  #last: number | null = null;

  /** @param file of memory's peak, `cpuacct.usage` or `cpu.stat`; null where there is none */
  constructor(file: string | null) {
    this.#scale = file?.endsWith('/cpuacct.usage') ? NS_PER_MS : file?.endsWith('/cpu.stat') ? US_PER_MS : 1;
    this.#descriptor = file === null ? null : openIfThere(file);
  }

  /** @returns the newest number known; null where there is none */
  read(): number | null {
    if (this.#descriptor === null) return this.#last;
    try {
      const length = readSync(this.#descriptor, this.#buffer, 0, this.#buffer.length, 0);
      const [digits] = /\d+/.exec(this.#buffer.toString('latin1', 0, length)) ?? [];
      if (digits !== undefined) this.#last = Number(digits) / this.#scale;
    } catch (error) {
      // The cgroup goes before the message of it arrives.
      if ((error as NodeJS.ErrnoException).code !== 'ENODEV') throw error;
    }
    return this.#last;
  }

  /**
   * @param final what is known from elsewhere
   * @returns that, or the last number that was read; so does {@link read} from now on
   */
  close(final: number | null = null): number | null {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
    this.#last = final ?? this.#last;
    return this.#last;
  }
}

/** @returns the number in it now; null where there is no such file any more */
export function readOnce(file: string | null): number | null {
  const reader = new CounterReader(file);
  reader.read();
  return reader.close();
}

/** A sandbox that ended at once has taken its file along. */
function openIfThere(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return null;
  }
}
