// Writes bytes to a descriptor, all of them, before it returns: what is said just before a crash is then
// really said. The descriptors are non-blocking sockets, so a full one is waited for. Used for frames and for
// console lines.
'use strict';

const { min, writeSync, wait } = require('./own-copies.cjs');

const FIRST_NAP_MS = 0.05;
const LONGEST_NAP_MS = 5;
const napCell = new Int32Array(new SharedArrayBuffer(4));

/**
 * @param {number} fd
 * @param {Buffer} bytes
 * @throws the system's error, when the other end is gone
 */
function writeAll(fd, bytes) {
  let at = 0;
  let napMs = FIRST_NAP_MS;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at, bytes.length - at);
      napMs = FIRST_NAP_MS;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EAGAIN') throw error;
      wait(napCell, 0, 0, napMs);
      napMs = min(napMs * 2, LONGEST_NAP_MS);
    }
  }
}

module.exports = { writeAll };
