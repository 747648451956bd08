// Things that a process does with its surroundings; each must do in a forked child what it does in any.
const { exec, spawn, spawnSync } = require('node:child_process');
const crypto = require('node:crypto');
const dns = require('node:dns/promises');
const { once } = require('node:events');
const fs = require('node:fs/promises');
const http = require('node:http');
const { promisify } = require('node:util');
const { Worker } = require('node:worker_threads');

exports.pid = async () => [process.pid, Number(await fs.readlink('/proc/self'))];

exports.childProcesses = async () => {
  const { stdout } = await promisify(exec)('echo out');
  const child = spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end('piped');
  const [chunk] = await once(child.stdout, 'data');
  const [code] = await once(child, 'close');
  return [stdout, `${chunk}`, code, spawnSync('sh', ['-c', 'exit 3']).status];
};

exports.threadPool = async () => {
  const names = await fs.readdir(__dirname);
  const key = await promisify(crypto.scrypt)('password', 'salt', 8);
  const digest = await crypto.webcrypto.subtle.digest('SHA-256', Buffer.from('x'));
  const { address } = await dns.lookup('127.0.0.1');
  return [names.includes('platform.js'), key.length, digest.byteLength, address];
};

exports.http = async () => {
  const server = http.createServer((request, response) => response.end(`heard ${request.url}`)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/x`;
  const [response] = await once(http.get(url), 'response');
  const fetched = await (await fetch(url)).text();
  return [`${await response.setEncoding('utf8').take(1).toArray()}`, fetched];
};

exports.worker = async () => {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const code = `
    const { workerData, parentPort } = require('node:worker_threads');
    Atomics.store(workerData, 0, 5);
    Atomics.notify(workerData, 0);
    parentPort.postMessage(process.pid);`;
  const worker = new Worker(code, { eval: true, workerData: shared });
  const [pid] = await once(worker, 'message');
  return [pid === process.pid, shared[0], Atomics.wait(shared, 0, 5, 1)];
};

exports.timers = async () => {
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 30));
  await new Promise((resolve) => setImmediate(resolve));
  return performance.now() - startedAt >= 29;
};

exports.webAssembly = async () => {
  const bytes = Buffer.from('0061736d010000000105016000017f03020100070801046d61696e00000a06010400412a0b', 'hex');
  return (await WebAssembly.instantiate(bytes)).instance.exports.main();
};

exports.callbackWaits = (event, context, callback) => {
  callback(null, 'held');
  setTimeout(() => console.log('still at work'), 20);
};

// Enough garbage for collections of the whole heap, before and in the run's last turn.
exports.fillsHeap = (_event, _context, callback) => {
  let kept = [];
  const fill = () => {
    for (let i = 0; i < 300; i++) {
      kept.push(new Array(20000).fill({ i }));
      if (kept.length > 20) kept = [];
    }
  };
  fill();
  setTimeout(() => {
    fill();
    callback(null, 'collected');
  }, 5);
};

exports.neverCallsBack = () => {};
