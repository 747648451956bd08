// Gives every forked child randomness of its own. V8's Math.random and Node's caches of random bytes are
// memory, and memory is what a fork copies; what comes from OpenSSL is safe by itself, since it notices the
// new process. Called by template.cjs.
'use strict';

const crypto = require('node:crypto');
const { syncBuiltinESMExports } = require('node:module');
const v8 = require('node:v8');

/**
 * Node keeps this many UUIDs in stock, and this many numbers for randomInt (lib/internal/crypto/random.js).
 */
const UUIDS_IN_STOCK = 128;
const INTS_IN_STOCK = 1024;

/** State of Math.random; the four words of xoshiro128**, never all zero. */
const state = new Uint32Array(4);

/**
 * xoshiro128** by Blackman and Vigna (public domain): the stand-in for V8's own generator, whose state can't
 * be reached.
 * @returns {number} 32 random bits
 */
function nextWord() {
  const s1 = state[1];
  let word = Math.imul(s1, 5);
  word = Math.imul((word << 7) | (word >>> 25), 9);
  state[2] ^= state[0];
  state[3] ^= s1;
  state[1] = s1 ^ state[2];
  state[0] ^= state[3];
  state[2] ^= s1 << 9;
  const s3 = state[3];
  state[3] = (s3 << 11) | (s3 >>> 21);
  return word >>> 0;
}

const replacement = {
  random() {
    return ((nextWord() >>> 5) * 67108864 + (nextWord() >>> 6)) / 9007199254740992;
  },
};

class Randomness {
  #usesUuidStock = false;
  #usesIntStock = false;
  #fillRandom;

  /** @param {(words: Uint32Array) => void} fillRandom  from the kernel */
  constructor(fillRandom) {
    this.#fillRandom = fillRandom;
  }

  /** Puts our Math.random in place. Before any package is loaded: some keep the function that they find. */
  install() {
    this.#seed();
    Object.defineProperty(Math, 'random', { value: replacement.random });
  }

  /**
   * Notices, until the returned function is called, whether anybody uses Node's stocks of random values: only
   * then must a child throw away what it has inherited of them.
   */
  watchStocks() {
    const watched = [
      watchCalls(crypto, 'randomUUID', () => (this.#usesUuidStock = true)),
      watchCalls(Object.getPrototypeOf(crypto.webcrypto), 'randomUUID', () => (this.#usesUuidStock = true)),
      watchCalls(crypto, 'randomInt', () => (this.#usesIntStock = true)),
    ];
    syncBuiltinESMExports();
    return () => {
      for (const restore of watched) restore();
      syncBuiltinESMExports();
    };
  }

  /** In the child: nothing that it draws from now on has been drawn by another. */
  renew() {
    this.#seed();
    // What a new context (node:vm) or isolate seeds its own Math.random with.
    v8.setFlagsFromString(`--random-seed=${(nextWord() >>> 1) | 1}`);
    for (let i = 0; this.#usesUuidStock && i < UUIDS_IN_STOCK; i++) crypto.randomUUID();
    for (let i = 0; this.#usesIntStock && i < INTS_IN_STOCK; i++) crypto.randomInt(2);
  }

  #seed() {
    this.#fillRandom(state);
    state[0] |= 1;
  }
}

/**
 * @param {any} object
 * @param {string} name
 * @param {() => void} onCall
 * @returns {() => void} puts the method back
 */
function watchCalls(object, name, onCall) {
  const descriptor = Object.getOwnPropertyDescriptor(object, name);
  if (descriptor === undefined) return () => {};
  const method = descriptor.value;
  /**
   * @this {unknown}
   * @param {unknown[]} args
   */
  function value(...args) {
    onCall();
    return Reflect.apply(method, this, args);
  }
  Object.defineProperty(value, 'name', { value: name });
  Object.defineProperty(object, name, { ...descriptor, value });
  return () => Object.defineProperty(object, name, descriptor);
}

module.exports = { Randomness };
