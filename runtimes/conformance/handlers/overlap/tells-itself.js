// Tells which run it is, before and after waiting, by everything that a run has of its own.
const { AsyncLocalStorage } = require('node:async_hooks');
let inHand = 0;
let most = 0;
exports.handler = async (event, context) => {
  inHand += 1;
  most = Math.max(most, inHand);
  console.log('begins', event.name);
  process.stdout.write(`half of ${event.name}, `);
  await new Promise((resolve) => setTimeout(resolve, event.ms));
  process.stdout.write('and the rest\n');
  process.stderr.write(Buffer.from(`stderr of ${event.name}\n`));
  await null;
  console.warn('ends', event.name);
  inHand -= 1;
  return { name: event.name, id: context.awsRequestId, leftMs: context.getRemainingTimeInMillis(), most };
};
exports.patched = async (event) => {
  AsyncLocalStorage.prototype.getStore = () => 1;
  AsyncLocalStorage.prototype.run = () => {};
  Buffer.prototype.hexSlice = () => 'x';
  await null;
  console.log('of', event.name);
  return event.name;
};
exports.later = async (event) => {
  setTimeout(() => console.log('late of', event.name), event.ms);
  return event.name;
};
exports.raw = async (event) => {
  require('node:fs').writeSync(1, `raw of ${event.name}\n`);
  await new Promise((resolve) => setTimeout(resolve, event.ms));
  return event.name;
};
exports.floods = async (event) => {
  for (let i = 0; i < event.lines; i++) console.log('x'.repeat(100));
  return event.lines;
};
exports.replaced = async (event) => {
  const { write } = process.stdout;
  let seen = 0;
  process.stdout.write = function (...args) {
    seen += 1;
    return write.apply(this, args);
  };
  const called = await new Promise((resolve) => process.stdout.write('with a callback\n', resolve));
  console.log('of', event.name);
  process.stdout.write = write;
  return [seen, called ?? null];
};
