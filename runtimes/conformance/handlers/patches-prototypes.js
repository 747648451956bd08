const seen = [];
const spy = (object, names) => {
  for (const name of names) {
    const original = object[name];
    object[name] = function (...args) {
      seen.push(name);
      if (name === 'write' || name === 'emit') return true;
      return Reflect.apply(original, this, args);
    };
  }
};
const { EventEmitter } = require('node:events');
const net = require('node:net');
const fs = require('node:fs');
exports.handler = (event, context, callback) => {
  spy(Buffer, ['from', 'alloc', 'allocUnsafe', 'concat', 'byteLength']);
  spy(Buffer.prototype, ['write', 'utf8Write', 'writeUInt32LE', 'copy', 'subarray', 'slice', 'toString', 'utf8Slice']);
  spy(Uint8Array.prototype, ['set', 'subarray', 'slice']);
  spy(Object.getPrototypeOf(Uint8Array.prototype), ['set', 'subarray', 'slice']);
  spy(String.prototype, ['split', 'slice', 'replace', 'replaceAll', 'startsWith', 'includes']);
  spy(EventEmitter.prototype, ['emit', 'on', 'once']);
  spy(net.Socket.prototype, ['write', 'ref', 'unref', '_write', '_writev']);
  spy(fs, ['writeSync', 'write']);
  globalThis.setTimeout = globalThis.setImmediate = process.exit = () => seen.push('timer or exit');
  Date.now = () => 0;
  Object.defineProperty(Array.prototype, Symbol.iterator, { value: () => ({ next: () => ({ done: true }) }) });
  Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => 'forged';
  context.callbackWaitsForEmptyEventLoop = false;
  console.log('patched');
  if (event === 'error') callback(new Error('real error'));
  else callback(null, { seen, event });
};
