// A message as a verification scheme sees it, and what schemes have in common: signatures compared in
// constant time, against each secret that counts, and times within a window. Pure.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parseJsonFile } from '../http/parse-json-file.ts';

export type SignedMessage = {
  /** A header's value by its lower-case name; null: it is missing, or there twice. */
  header(name: string): string | null;
  /** The body as it came, byte for byte. */
  body: Buffer;
};

export type Trust = {
  /** Each of them counts: while they are being changed there are two. */
  secrets: readonly string[];
  /** How far a message's own time may be from ours, either way. s */
  replayWindowS: number;
  /** Unix time in ms. */
  nowMs: number;
};

/**
 * `refusal`: what is wrong, as a sentence that gives nothing away. `messageId`: what a repetition of this
 * message has in common with it; it was signed, or came along with what was.
 */
export type Verdict = { messageId: string | null } | { refusal: string };

/** Says who a message is from before any code sees it. */
export type VerifyMessage = (message: SignedMessage, trust: Trust) => Verdict;

export function hmacSha256(key: string | Buffer, ...parts: (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** Takes as long whichever of them fits, or none. */
export function anyFits(signatures: readonly Buffer[], expected: readonly Buffer[]): boolean {
  let fits = false;
  for (const signature of signatures) {
    for (const right of expected) {
      if (signature.length === right.length && timingSafeEqual(signature, right)) fits = true;
    }
  }
  return fits;
}

/** Hex in either case; null where it is none. */
export function fromHex(text: string): Buffer | null {
  return /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : null;
}

/** @returns what is wrong with a message's Unix time in seconds, or null */
export function timeProblem(seconds: string, { replayWindowS, nowMs }: Trust): string | null {
  if (!/^[0-9]{1,12}$/.test(seconds)) return 'the time of the message is no Unix time';
  const ageS = nowMs / 1000 - Number(seconds);
  if (ageS > replayWindowS) return `the message is older than ${replayWindowS} s`;
  return ageS < -replayWindowS ? `the message is more than ${replayWindowS} s ahead of our time` : null;
}

/**
 * Stands for a message that brings no id: the same bytes of the same second are the same message, however it
 * is signed.
 */
export function fingerprint(seconds: string, body: Buffer): string {
  return `${Number(seconds)}:${createHash('sha256').update(body).digest('hex')}`;
}

/** A text member of a JSON object; null where there is none. */
export function jsonMember(body: Buffer, name: string): string | null {
  try {
    const value = (parseJsonFile(body.toString()) as Record<string, unknown> | null)?.[name];
    return typeof value === 'string' && value !== '' ? value : null;
  } catch {
    return null;
  }
}
