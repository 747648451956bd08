// Reads which addresses a resolver gave for the name that it was asked for: the question and the A records
// of a DNS message (RFC 1035, section 4). Bytes of strangers: every length is checked, and what makes no
// sense is no answer. Pure. Called by watch-line.ts.

const HEAD_BYTES = 12;
const TYPE_A = 1;
const CLASS_IN = 1;
const IS_ANSWER = 0x80;
/** A pointer in place of a name's rest. */
const POINTER = 0xc0;
const MOST_ADDRESSES = 32;

/** @returns null where it isn't the answer to one question for addresses, or has none */
export function readAnswer(message: Buffer): { host: string; addresses: string[] } | null {
  if (message.length < HEAD_BYTES || ((message[2] ?? 0) & IS_ANSWER) === 0) return null;
  if (message.readUInt16BE(4) !== 1) return null;
  const question = readName(message, HEAD_BYTES);
  if (question === null || question.host === '') return null;
  const addresses = addressesBehind(message, question.end + 4);
  return addresses.length === 0 ? null : { host: question.host, addresses };
}

/** Whatever the records' own names are: a chain of aliases ends at them. A cut message has fewer. */
function addressesBehind(message: Buffer, from: number): string[] {
  const addresses: string[] = [];
  let at = from;
  for (let left = message.readUInt16BE(6); left > 0 && addresses.length < MOST_ADDRESSES; left -= 1) {
    const head = skipName(message, at);
    if (head === null || head + 10 > message.length) break;
    const length = message.readUInt16BE(head + 8);
    const data = head + 10;
    if (data + length > message.length) break;
    const isAddress = message.readUInt16BE(head) === TYPE_A && message.readUInt16BE(head + 2) === CLASS_IN;
    if (isAddress && length === 4) addresses.push(message.subarray(data, data + 4).join('.'));
    at = data + length;
  }
  return addresses;
}

/** A question's name is never compressed. Labels that aren't of a host's characters make it none. */
function readName(message: Buffer, from: number): { host: string; end: number } | null {
  const labels: string[] = [];
  for (let at = from; at < message.length; ) {
    const length = message[at] ?? 0;
    if (length === 0) return at + 5 > message.length ? null : { host: labels.join('.'), end: at + 1 };
    if (length >= POINTER || at + 1 + length > message.length) return null;
    const label = message.toString('latin1', at + 1, at + 1 + length).toLowerCase();
    if (!/^[a-z0-9_-]+$/.test(label)) return null;
    labels.push(label);
    at += 1 + length;
  }
  return null;
}

/** @returns where a record goes on behind its name */
function skipName(message: Buffer, from: number): number | null {
  for (let at = from; at < message.length; ) {
    const length = message[at] ?? 0;
    if (length === 0) return at + 1;
    if (length >= POINTER) return at + 2;
    at += 1 + length;
  }
  return null;
}
