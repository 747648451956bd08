// The socket to the server: frames in, frames out. Knows bytes and whether the socket keeps the process
// alive; never what a frame means. Opened by bootstrap.
'use strict';

const net = require('node:net');
const { FrameReader } = require('../../contract/frames.cjs');
const { bytesOfText, copyBytes, exit } = require('./own-copies.cjs');
const { writeAll } = require('./write-all.cjs');

/** The server is trusted to keep its own limits; this one only stops a length field that is nonsense. */
const INCOMING_LIMIT_BYTES = 256 * 1024 * 1024;
const READ_BUFFER_BYTES = 64 * 1024;
/** The server broke the contract; what it then says can't be trusted to be about this run. */
const EXIT_BROKEN_CONTRACT = 70;

/**
 * @typedef {object} ControlSocket
 * @property {(frame: Buffer) => void} send   returns when the kernel has the whole frame
 * @property {() => void} keepAlive           the process waits for the next frame
 * @property {() => void} letGo               the process may end its event loop although the socket is open
 * @property {(then: () => void) => void} close
 */

/**
 * Starts to read at once. The process exits when the server closes its end.
 *
 * Writes go around `net.Socket`: a frame is then out before an exit that follows it, and no stream that the
 * user's code could patch is on its way. Reads use `onread`, which skips the stream machinery for the same
 * reason.
 * @param {number} fd
 * @param {(type: number, nonce: Buffer, payload: Buffer) => void} onFrame
 * @returns {ControlSocket}
 */
function openControlSocket(fd, onFrame) {
  const reader = new FrameReader(INCOMING_LIMIT_BYTES);
  const onread = {
    buffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
    callback: (/** @type {number} */ sizeBytes, /** @type {Buffer} */ buffer) => {
      receive(reader, buffer, sizeBytes, onFrame);
      return true;
    },
  };
  const socket = new net.Socket({ fd, onread });
  socket.on('end', () => exit(0));
  socket.on('error', () => exit(0));
  const ref = socket.ref.bind(socket);
  const unref = socket.unref.bind(socket);
  const close = (/** @type {() => void} */ then) => socket.once('close', then).destroy();
  return { send: (frame) => writeOrExit(fd, frame), keepAlive: ref, letGo: unref, close };
}

/**
 * The buffer is read into again, so what is kept is a copy.
 * @param {InstanceType<typeof FrameReader>} reader
 * @param {Buffer} buffer
 * @param {number} sizeBytes
 * @param {(type: number, nonce: Buffer, payload: Buffer) => void} onFrame
 */
function receive(reader, buffer, sizeBytes, onFrame) {
  try {
    reader.push(copyBytes(buffer, sizeBytes), onFrame);
  } catch (error) {
    endBrokenContract(String(error));
  }
}

/** @param {string} reason  for those who read the sandbox's log */
function endBrokenContract(reason) {
  try {
    writeAll(2, bytesOfText(`millrace runtime: ${reason}\n`));
  } finally {
    exit(EXIT_BROKEN_CONTRACT);
  }
}

/**
 * @param {number} fd
 * @param {Buffer} frame
 */
function writeOrExit(fd, frame) {
  try {
    writeAll(fd, frame);
  } catch {
    exit(0); // the server has gone: nobody is left to hear the result or the reason
  }
}

module.exports = { openControlSocket };
