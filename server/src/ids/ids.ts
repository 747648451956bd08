// Makes the identifiers that the outside sees. Never parses them: an id is opaque to anyone who receives it.
import { randomInt } from 'node:crypto';
import { drawRandomBytes } from './random-bytes.ts';

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` characters of [0-9A-Za-z], each uniformly random. */
export function randomAlphanumeric(length: number): string {
  return randomText(ALPHANUMERIC, length);
}

/** `length` of these letters, each uniformly random. */
export function randomText(letters: string, length: number): string {
  // The largest multiple in a byte: above it the letters would not be equally likely.
  const bound = 256 - (256 % letters.length);
  let text = '';
  while (text.length < length) {
    for (const byte of drawRandomBytes(length * 2)) {
      if (byte < bound && text.length < length) text += letters[byte % letters.length];
    }
  }
  return text;
}

/**
 * A function's id: 22 alphanumerics beginning with digits, a shape that clients have seen
 * for ten years (`0118109048334HfN3oRTa6`).
 */
export function newFunctionId(): string {
  let digits = '01';
  while (digits.length < 13) digits += String(randomInt(10));
  return digits + randomAlphanumeric(9);
}

/** The seven letters that join a refusal to its line in the log (`6lnOOW1`). */
export function newReference(): string {
  return randomAlphanumeric(7);
}

/** An account event's id, where its publisher gives it none. */
export function newEventId(): string {
  return randomAlphanumeric(20);
}

/** An id for tokens, users and the like. */
export function newResourceId(): string {
  return randomAlphanumeric(22);
}

/** An id of the things that customers of a CRM know by 20 letters and digits: flows, templates, profiles. */
export function newItemId(): string {
  return randomAlphanumeric(20);
}

/**
 * A run's id: UUID version 7 (RFC 9562), so that ids sort by time and the run table's index grows at one end.
 * @param nowMs Unix time in ms
 */
export function newRunId(nowMs: number): string {
  const bytes = drawRandomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
