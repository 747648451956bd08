// A run's id as clients know it: a decimal number of 39 digits, which says the same as the UUID and sorts as
// it does. Clients make a cursor of it by base64, and need that to come without padding: 39 is a multiple of
// three. Pure.

const DIGITS = 39;
const LARGEST = (1n << 128n) - 1n;

/** @param runId UUID */
export function logIdOf(runId: string): string {
  return BigInt(`0x${runId.replaceAll('-', '')}`)
    .toString()
    .padStart(DIGITS, '0');
}

export function cursorOf(logId: string): string {
  return Buffer.from(logId).toString('base64');
}

/**
 * @param cursor as it came: the base64 of a log id, possibly percent-encoded once more than it should be
 * @returns the run's UUID; null for what is none
 */
export function readCursor(cursor: string): string | null {
  const logId = Buffer.from(decodeTwice(cursor), 'base64').toString('latin1');
  if (!/^[0-9]{1,39}$/.test(logId)) return null;
  const value = BigInt(logId);
  if (value > LARGEST) return null;
  const hex = value.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function decodeTwice(text: string): string {
  try {
    return decodeURIComponent(decodeURIComponent(text));
  } catch {
    return text;
  }
}
