// Codes of a device, by time (RFC 6238, of RFC 4226): six digits, half a minute each, HMAC-SHA1, as every
// authenticator takes them. Pure.
import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_S = 30;
const DIGITS = 6;
/** Steps before and after this one: clocks differ. */
const DRIFT = 1;
export const SECRET_BYTES = 20;

export function stepAt(unixMs: number): number {
  return Math.floor(unixMs / 1_000 / STEP_S);
}

/** @param digits of the result; others than six in the RFC's own examples */
export function codeOf(secret: Buffer, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) as number) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** @returns the step that the code is of; null: of none near now, or of one up to `last` */
export function stepOfCode(
  secret: Buffer,
  code: string,
  { nowMs, last }: { nowMs: number; last: number },
): number | null {
  const now = stepAt(nowMs);
  let found: number | null = null;
  // All are looked at, whichever it is.
  for (let step = now - DRIFT; step <= now + DRIFT; step += 1) {
    const isIt = timingSafeEqual(Buffer.from(codeOf(secret, step)), Buffer.from(code));
    if (isIt && step > last && found === null) found = step;
  }
  return found;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, without padding: how people type a secret. */
export function base32(bytes: Buffer): string {
  let text = '';
  let [held, bits] = [0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += BASE32[(held >>> (bits - 5)) & 31];
  }
  return bits === 0 ? text : text + BASE32[(held << (5 - bits)) & 31];
}

/** What a device reads as a picture. */
export function otpauthUrl(secret: Buffer, email: string): string {
  const label = encodeURIComponent(`Millrace:${email}`);
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=Millrace`;
}
