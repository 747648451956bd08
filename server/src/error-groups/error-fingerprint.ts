// Which errors are alike: those of one function, of one type, from the same place of its own code, whose
// messages differ in numbers, ids and addresses alone. Lines are left out: they move with every version.
// Pure.
import { createHash } from 'node:crypto';
import type { RunError } from '../sandbox/outcome.ts';
import { innermostOwn, type StackFrame } from './stack-frames.ts';

export type Fingerprint = {
  /** The same for errors that are alike. */
  id: string;
  type: string;
  /** What their messages have in common. */
  message: string;
  /** Where in the function's own code; null where that isn't known. */
  frame: string | null;
};

const MESSAGE_CHARACTERS = 300;
/** Of the message that is looked at. */
const READ_CHARACTERS = 2_000;
const ID_CHARACTERS = 20;

/** Each with what stands for it; in this order. */
const VARIABLE: readonly [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\bhttps?:\/\/[^\s"')]+/gi, '<url>'],
  [/[^\s"'<>@]+@[^\s"'<>@]+\.[a-z]{2,}/gi, '<address>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b(?=[0-9a-z]*\d)(?=[0-9a-z]*[a-z])[0-9a-z]{12,}\b/gi, '<id>'],
  [/\b0x[0-9a-f]+\b/gi, '<n>'],
  [/-?\d+(\.\d+)?/g, '<n>'],
];

export function fingerprintOf(functionId: string, error: RunError): Fingerprint {
  const message = messagePattern(error.message);
  const frame = frameText(innermostOwn(error.stack));
  const hash = createHash('sha256').update(JSON.stringify([functionId, error.type, message, frame]));
  return { id: hash.digest('hex').slice(0, ID_CHARACTERS), type: error.type, message, frame };
}

/** The first line of a message without what changes from run to run. */
export function messagePattern(message: string): string {
  let pattern = message.slice(0, READ_CHARACTERS).split('\n', 1)[0] ?? '';
  for (const [variable, name] of VARIABLE) pattern = pattern.replace(variable, name);
  return pattern.slice(0, MESSAGE_CHARACTERS);
}

function frameText(frame: StackFrame | null): string | null {
  if (frame === null) return null;
  return [frame.name ?? '', frame.file ?? ''].filter((text) => text !== '').join(' ') || null;
}
