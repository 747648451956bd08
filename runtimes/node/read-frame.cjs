// Reads one frame from a descriptor and not a byte more, before it returns. For the template, which has no
// event loop while it waits. Called by template.cjs.
'use strict';

const fs = require('node:fs');
const { HEADER_BYTES } = require('../../contract/frames.cjs');

/** Where a frame's nonce begins in its header. */
const NONCE_AT = 5;

/**
 * @param {number} fd
 * @param {(fd: number) => void} awaitReadable  sleeps until the descriptor has something to read
 * @returns {{ type: number, nonce: Buffer, payload: Buffer } | null} there is no other copy of the nonce in
 * this process;
 *   null when the other end closes before the frame is whole
 */
function readFrame(fd, awaitReadable) {
  const header = readExactly(fd, HEADER_BYTES, awaitReadable);
  if (header === null) return null;
  const payload = readExactly(fd, header.readUInt32LE(0), awaitReadable);
  if (payload === null) return null;
  return { type: header[NONCE_AT - 1], nonce: header.subarray(NONCE_AT), payload };
}

/**
 * @param {number} fd
 * @param {number} sizeBytes
 * @param {(fd: number) => void} awaitReadable
 * @returns {Buffer | null}
 */
function readExactly(fd, sizeBytes, awaitReadable) {
  const bytes = Buffer.allocUnsafeSlow(sizeBytes);
  let at = 0;
  while (at < sizeBytes) {
    awaitReadable(fd);
    const readBytes = fs.readSync(fd, bytes, at, sizeBytes - at, null);
    if (readBytes === 0) return null;
    at += readBytes;
  }
  return bytes;
}

module.exports = { readFrame };
