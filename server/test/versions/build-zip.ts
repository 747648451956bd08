// Builds zips byte by byte, so that a test can make those that no library would: every field of both headers
// can be given a value of its own. What isn't given is what `zip -r` writes on Linux.
import { crc32, deflateRawSync } from 'node:zlib';

export type Part = {
  name: string | Buffer;
  content?: string | Buffer;
  /** Unix mode with its file type; null: no Unix attributes, as from Windows. */
  mode?: number | null;
  /** Upper byte of `version made by`: 3 is Unix, 0 MS-DOS. */
  host?: number;
  flags?: number;
  stored?: boolean;
  extra?: Buffer;
  /** Sizes and checksum follow the data instead of standing in the local header. */
  descriptor?: boolean;
  /** What the central directory says instead of the truth. */
  central?: Partial<Numbers>;
  /** What the local header says instead of the truth. */
  local?: Partial<Numbers> & { name?: string };
  /** Put instead of the compressed content. */
  raw?: Buffer;
};
type Numbers = {
  method: number;
  crc: number;
  compressed: number;
  size: number;
  offset: number;
  flags: number;
};

export type ZipOptions = {
  /** Number of entries in the end record. */
  entryCount?: number;
  directoryOffset?: number;
  comment?: string;
  /** Bytes between the directory and the end record, e.g. zip64 records. */
  beforeEnd?: (directoryStart: number, directoryEnd: number) => Buffer;
};

export function buildZip(parts: Part[], options: ZipOptions = {}): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const { local, central } = encodePart(part, offset);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const before = options.beforeEnd?.(offset, offset + directory.length) ?? Buffer.alloc(0);
  const comment = Buffer.from(options.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE((options.entryCount ?? parts.length) & 0xffff, 8);
  end.writeUInt16LE((options.entryCount ?? parts.length) & 0xffff, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(options.directoryOffset ?? offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, directory, before, end, comment]);
}

function encodePart(part: Part, offset: number): { local: Buffer; central: Buffer } {
  const name = Buffer.from(part.name);
  const content = Buffer.from(part.content ?? '');
  const data = part.raw ?? (part.stored ? content : deflateRawSync(content));
  const truth: Numbers = {
    method: part.stored ? 0 : 8,
    crc: crc32(content),
    compressed: data.length,
    size: content.length,
    offset,
    flags: (part.flags ?? 0) | (part.descriptor ? 8 : 0),
  };
  const inCentral = { ...truth, ...part.central };
  const open = part.descriptor ? { crc: 0, compressed: 0, size: 0 } : {};
  const inLocal = { ...inCentral, ...open, ...part.local };
  const extra = part.extra ?? Buffer.alloc(0);
  const localName = Buffer.from(part.local?.name ?? name);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  writeNumbers(local, 6, inLocal);
  local.writeUInt16LE(localName.length, 26);
  local.writeUInt16LE(extra.length, 28);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(((part.host ?? 3) << 8) | 30, 4);
  central.writeUInt16LE(20, 6);
  writeNumbers(central, 8, inCentral);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt16LE(extra.length, 30);
  const mode = part.mode === undefined ? (name.at(-1) === 0x2f ? 0o040755 : 0o100644) : (part.mode ?? 0);
  central.writeUInt32LE((mode << 16) >>> 0, 38);
  central.writeUInt32LE(inCentral.offset, 42);
  return {
    local: Buffer.concat([
      local,
      localName,
      extra,
      data,
      part.descriptor ? descriptor(truth) : Buffer.alloc(0),
    ]),
    central: Buffer.concat([central, name, extra]),
  };
}

/** Flags, method, time, date, checksum and sizes stand in the same order in both headers. */
function writeNumbers(header: Buffer, at: number, numbers: Numbers): void {
  header.writeUInt16LE(numbers.flags, at);
  header.writeUInt16LE(numbers.method, at + 2);
  header.writeUInt32LE(numbers.crc, at + 8);
  header.writeUInt32LE(numbers.compressed, at + 12);
  header.writeUInt32LE(numbers.size, at + 16);
}

function descriptor(truth: Numbers): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(truth.crc, 4);
  bytes.writeUInt32LE(truth.compressed, 8);
  bytes.writeUInt32LE(truth.size, 12);
  return bytes;
}

/** A zip64 extra field that holds these 8-byte numbers. */
export function zip64Extra(...numbers: bigint[]): Buffer {
  const bytes = Buffer.alloc(4 + numbers.length * 8);
  bytes.writeUInt16LE(1, 0);
  bytes.writeUInt16LE(numbers.length * 8, 2);
  numbers.forEach((number, index) => {
    bytes.writeBigUInt64LE(number, 4 + index * 8);
  });
  return bytes;
}

/** A zip64 end record with its locator. */
export function zip64End(
  at: number,
  numbers: { entries: bigint; offset: bigint; recordAt?: bigint },
): Buffer {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(numbers.entries, 24);
  record.writeBigUInt64LE(numbers.entries, 32);
  record.writeBigUInt64LE(numbers.offset, 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(numbers.recordAt ?? BigInt(at), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator]);
}

/** Mode of a symbolic link. */
export const LINK = 0o120777;
