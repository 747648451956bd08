// Makes a zip of a folder, the same bytes for the same files wherever and whenever it is made: entries in
// order, no times, no owners. Never follows a link. Called by build.cjs.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { crc32, deflateRawSync } = require('node:zlib');

/** Little gain above it, at thrice the time. */
const LEVEL = 4;
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_PLACE = 0x07064b50;
/** UTF-8 names. */
const FLAGS = 0x800;
const STORED = 0;
const DEFLATED = 8;
/** Unix, and the version of the format that knows zip64. */
const MADE_BY = (3 << 8) | 45;
const NEEDED = 45;
/** 1 January 1980. */
const DOS_DATE = 0x21;
const MOST_16 = 0xffff;
const MOST_32 = 0xffffffff;

/** What npm leaves for itself. */
const LEFT_OUT = new Set(['.bin', '.cache', '.package-lock.json']);

/**
 * @typedef {{ name: string, file: string, mode: number }} Found
 * @typedef {{ layerBytes: number, layerEntries: number }} Limits
 */

const LINK = 0o120777;

/**
 * @param {string} folder
 * @param {string} as       its name in the zip
 * @param {Limits} limits   of what is in it
 * @returns {Found[]} in the order of names
 * @throws {Error} when it is over a limit or holds anything but files, folders and links
 */
function listFolder(folder, as, limits) {
  /** @type {Found[]} */
  const found = [];
  let bytes = 0;
  for (const entry of entriesOf(folder, as)) {
    bytes += entry.bytes;
    if (bytes > limits.layerBytes) {
      throw new Error(`the packages take more than ${limits.layerBytes} bytes (MILLRACE_LAYER_BYTES)`);
    }
    found.push(entry);
    if (found.length > limits.layerEntries) {
      throw new Error(`the packages have more than ${limits.layerEntries} files (MILLRACE_LAYER_ENTRIES)`);
    }
  }
  return found;
}

/**
 * @param {string} folder
 * @param {string} as
 * @returns {Generator<Found & { bytes: number }>}
 */
function* entriesOf(folder, as) {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder).sort()) {
    if (LEFT_OUT.has(entry)) continue;
    const file = path.join(folder, entry);
    const name = `${as}/${entry}`;
    const { mode, size: bytes, ...kind } = kindOf(file);
    if (kind.isFolder) yield* entriesOf(file, name);
    else if (kind.isLink) yield { name, file, bytes, mode: LINK };
    else if (kind.isFile) yield { name, file, bytes, mode: (mode & 0o111) === 0 ? 0o100644 : 0o100755 };
    else throw new Error(`${name} is a device, pipe or socket`);
  }
}

/** @param {string} file */
function kindOf(file) {
  const found = fs.lstatSync(file);
  const [isFolder, isLink, isFile] = [found.isDirectory(), found.isSymbolicLink(), found.isFile()];
  return { mode: found.mode, size: found.size, isFolder, isLink, isFile };
}

/**
 * @param {Found[]} found
 * @returns {Generator<Buffer>}
 */
function* packEntries(found) {
  const directory = [];
  let offset = 0;
  for (const { name, file, mode } of found) {
    const content = mode === LINK ? Buffer.from(fs.readlinkSync(file)) : fs.readFileSync(file);
    const packed = packEntry({ name, mode, content }, offset);
    directory.push(packed.central);
    offset += packed.local.length;
    yield packed.local;
  }
  const central = Buffer.concat(directory);
  yield central;
  yield endOf({ entries: directory.length, start: offset, bytes: central.length });
}

/**
 * @param {{ name: string, mode: number, content: Buffer }} entry
 * @param {number} offset  where it begins
 */
function packEntry({ name, mode, content }, offset) {
  const deflated = deflateRawSync(content, { level: LEVEL });
  const isStored = deflated.length >= content.length;
  const data = isStored ? content : deflated;
  const nameBytes = Buffer.from(name);
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(NEEDED, 0);
  facts.writeUInt16LE(FLAGS, 2);
  facts.writeUInt16LE(isStored ? STORED : DEFLATED, 4);
  facts.writeUInt16LE(DOS_DATE, 8);
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(data.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(nameBytes.length, 22);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((mode << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return {
    local: Buffer.concat([uint32(LOCAL_HEADER), facts, nameBytes, data]),
    central: Buffer.concat([uint32(CENTRAL_HEADER), uint16(MADE_BY), facts, rest, nameBytes]),
  };
}

/** @param {{ entries: number, start: number, bytes: number }} directory */
function endOf({ entries, start, bytes }) {
  const end = Buffer.alloc(18);
  const count = Math.min(entries, MOST_16);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(bytes, 8);
  end.writeUInt32LE(start, 12);
  const plain = Buffer.concat([uint32(END), end]);
  if (start + bytes > MOST_32) throw new Error('the packages are too large for a zip file');
  if (entries < MOST_16) return plain;
  const end64 = Buffer.alloc(52);
  end64.writeBigUInt64LE(44n, 0);
  end64.writeUInt16LE(MADE_BY, 8);
  end64.writeUInt16LE(NEEDED, 10);
  for (const at of [20, 28]) end64.writeBigUInt64LE(BigInt(entries), at);
  end64.writeBigUInt64LE(BigInt(bytes), 36);
  end64.writeBigUInt64LE(BigInt(start), 44);
  const place = Buffer.alloc(16);
  place.writeBigUInt64LE(BigInt(start + bytes), 4);
  place.writeUInt32LE(1, 12);
  return Buffer.concat([uint32(END_64), end64, uint32(END_64_PLACE), place, plain]);
}

/** @param {number} value */
function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** @param {number} value */
function uint16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

module.exports = { listFolder, packEntries };
