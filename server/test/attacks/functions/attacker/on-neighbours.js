// Attacks on other functions of the same machine: things left where they might find them, and processes that stay.
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const { leave, native } = require('./native.js');

const ABSTRACT = '\0millrace-attack';
const PORT = 8099;
const FILES = ['/tmp/left', '/dev/shm/left', '/var/tmp/left', '/var/task/left', '/run/left'];
const kept = [];

const listen = (where, text) =>
  new Promise((resolve) => {
    const server = net.createServer((socket) => socket.on('error', () => {}).end(text));
    server.once('error', (error) => resolve(error.code)).listen(where, () => resolve('listening'));
    kept.push(server);
  });

const ask = (where) =>
  new Promise((resolve) => {
    let text = '';
    const socket = net.connect({ ...where, timeout: 1500 });
    socket.on('data', (chunk) => { text += chunk; }).on('end', () => resolve(text));
    socket.on('error', (error) => resolve(error.code)).on('timeout', () => { socket.destroy(); resolve('silent'); });
  });

const addresses = () => Object.values(os.networkInterfaces()).flat().map(({ address }) => address);

/** Leaves a text everywhere; it stays for as long as this sandbox lives. */
async function plant(text) {
  const files = FILES.filter((file) => {
    try {
      fs.writeFileSync(file, text, { mode: 0o666 });
      return true;
    } catch {
      return false;
    }
  });
  globalThis.planted = text;
  const shared = native('put-shared', text);
  kept.push(leave('hold', text));
  const sockets = [await listen({ path: ABSTRACT }, text), await listen({ port: PORT, host: '0.0.0.0' }, text)];
  return { files, shared, sockets, addresses: addresses().filter((address) => address !== '127.0.0.1') };
}

/** Looks in all those places. */
const search = {
  files: () => FILES.map((file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '')),
  globals: () => String(globalThis.planted),
  shared: () => native('get-shared'),
  abstract: () => ask({ path: ABSTRACT }),
  loopback: () => ask({ port: PORT, host: '127.0.0.1' }),
  network: (hosts) => Promise.all(hosts.map((host) => ask({ port: PORT, host }))),
};

/** Starts a daemon that the run doesn't wait for. `then`: what the run does afterwards. */
async function daemon({ mark, then }) {
  leave('linger', mark);
  console.log('daemon started');
  if (then === 'hang') await new Promise((resolve) => setTimeout(resolve, 1 << 30));
  if (then === 'spin') for (;;);
  if (then === 'exit') setTimeout(() => process.exit(0), 300);
  await new Promise((resolve) => setTimeout(resolve, then === 'exit' ? 10_000 : 300));
}

module.exports = {
  plant,
  search: ({ where, hosts }) => search[where](hosts),
  killAll: () => {
    const outcomes = [];
    const own = fs.readdirSync('/proc/self/task').map(Number);
    for (let pid = 2; pid < 70_000; pid++) {
      if (own.includes(pid)) continue;
      try {
        process.kill(pid, 'SIGKILL');
        outcomes.push(pid);
      } catch {}
    }
    return outcomes;
  },
  daemon,
  count: () => { globalThis.counted = (globalThis.counted ?? 0) + 1; return globalThis.counted; },
};
