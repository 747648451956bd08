// Random bytes for the hot path: drawn from the kernel's generator a page at a time, because each draw costs
// a system call.
import { randomFillSync } from 'node:crypto';

const PAGE_BYTES = 8192;
const page = Buffer.alloc(PAGE_BYTES);
let used = PAGE_BYTES;

/**
 * Cryptographically random bytes, each handed out once.
 * @param length at most 8192
 * @returns a copy, which stays as it is
 */
export function drawRandomBytes(length: number): Buffer {
  if (used + length > PAGE_BYTES) {
    randomFillSync(page);
    used = 0;
  }
  const drawn = Buffer.from(page.subarray(used, used + length));
  used += length;
  return drawn;
}
