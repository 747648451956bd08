// Cuts off what stands behind a zip's end record (a line break, padding): it is no part of the zip. Pure.
// Called by zip-directory.ts.

const END_RECORD = 0x06054b50;
const END_RECORD_BYTES = 22;
const COMMENT_LENGTH_AT = 20;
/** As far from the end as readers of zips look for the end record. */
const SEARCHED_BYTES = END_RECORD_BYTES + 0xffff;

/**
 * @returns the zip, which ends with the comment of its last end record; as it is where another record says
 * that it ends there: two
 *   readers would see two zips
 */
export function withoutTail(zip: Buffer): Buffer {
  const first = Math.max(0, zip.length - SEARCHED_BYTES);
  let end: number | null = null;
  for (let at = zip.length - END_RECORD_BYTES; at >= first; at -= 1) {
    if (zip.readUInt32LE(at) !== END_RECORD) continue;
    const endsAt = at + END_RECORD_BYTES + zip.readUInt16LE(at + COMMENT_LENGTH_AT);
    if (endsAt === zip.length) return zip;
    end ??= endsAt;
  }
  return end === null ? zip : zip.subarray(0, end);
}
