const crypto = require('node:crypto');
const vm = require('node:vm');
const { Worker } = require('node:worker_threads');
const draws = require('draws');

exports.handler = async () => ({
  math: [Math.random(), Math.random()].join(),
  keptMath: draws.random(),
  context: vm.runInNewContext('Math.random()'),
  worker: await inWorker('Math.random()'),
  bytes: crypto.randomBytes(8).toString('hex'),
  uuid: crypto.randomUUID(),
  keptUuid: draws.randomUUID(),
  webUuid: (globalThis.crypto ?? crypto.webcrypto).randomUUID(),
  int: crypto.randomInt(2 ** 47),
  keptInt: draws.randomInt(2 ** 47),
});

exports.mathOnly = () => Promise.resolve([Math.random(), Math.random(), crypto.randomUUID()]);

exports.spread = async () => {
  const values = Array.from({ length: 10000 }, Math.random);
  return { least: Math.min(...values), most: Math.max(...values), mean: values.reduce((a, b) => a + b) / 10000 };
};

function inWorker(expression) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(`require('node:worker_threads').parentPort.postMessage(${expression})`, { eval: true });
    worker.once('message', resolve).once('error', reject);
  });
}
