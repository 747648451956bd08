// Attacks on the machine: its processes, files, privileges, devices and kernel.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { native } = require('./native.js');

const quietly = (act) => {
  try {
    return act();
  } catch (error) {
    return error.code ?? String(error);
  }
};
const read = (file) => quietly(() => fs.readFileSync(file, 'latin1').slice(0, 1 << 20));

/** Ways to a file that doesn't lie below this root. */
function waysTo(file) {
  const link = `/tmp/link-${process.pid}-${Math.random()}`;
  quietly(() => fs.symlinkSync(file, link));
  const up = '/..'.repeat(12);
  const roots = ['/proc/1/root', '/proc/self/root', `/proc/${process.ppid}/root`, '/proc/1/cwd', '/proc/self/cwd'];
  const inherited = quietly(() => fs.readdirSync('/proc/self/fd').map((fd) => `/proc/self/fd/${fd}`));
  const starts = ['', '/tmp', '/var/task', '/opt', ...roots, ...(Array.isArray(inherited) ? inherited : [])];
  return [file, link, ...starts.map((start) => start + up + file), ...roots.map((root) => root + file)];
}

/** Text of all files of a small tree that can be read. */
function textOf(place) {
  const facts = quietly(() => fs.statSync(place));
  if (typeof facts === 'string') return facts;
  if (!facts.isDirectory()) return read(place);
  const names = quietly(() => fs.readdirSync(place));
  return Array.isArray(names) ? names.slice(0, 200).map((name) => `${name}\n${read(path.join(place, name))}`).join('\n') : names;
}

const readPlaces = (places) => places.flatMap(waysTo).map(textOf).join('\n');

function searchTree(needle) {
  const found = [];
  const walk = (folder, depth) => {
    const entries = quietly(() => fs.readdirSync(folder, { withFileTypes: true }));
    for (const entry of Array.isArray(entries) ? entries : []) {
      const place = path.join(folder, entry.name);
      if (entry.name.includes(needle)) found.push(place);
      if (entry.isDirectory() && depth > 0 && !/^\/(proc|sys|usr|dev)$/.test(place)) walk(place, depth - 1);
      else if (entry.isFile() && fs.statSync(place).size < 1 << 20 && read(place).includes(needle)) found.push(place);
    }
  };
  walk('/', 12);
  walk('/dev/shm', 12);
  return found;
}

function processes() {
  const pids = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  const links = (pid) => quietly(() => fs.readdirSync(`/proc/${pid}/fd`).map((fd) => quietly(() => fs.readlinkSync(`/proc/${pid}/fd/${fd}`))));
  return pids.filter((pid) => Number(pid) !== process.pid).map((pid) =>
    [pid, read(`/proc/${pid}/cmdline`), read(`/proc/${pid}/environ`), quietly(() => fs.readlinkSync(`/proc/${pid}/cwd`)), links(pid)].join(' '));
}

function environments() {
  const pids = ['self', '1', process.ppid];
  return [JSON.stringify(process.env), ...pids.flatMap((pid) => [read(`/proc/${pid}/environ`), read(`/proc/${pid}/cmdline`)])].join('\n');
}

const connectUnix = (place) =>
  new Promise((resolve) => {
    const socket = net.connect({ path: place });
    socket.once('connect', () => { socket.destroy(); resolve('open'); });
    socket.once('error', (error) => resolve(error.code));
  });

/** Tries to write without harm: opens for writing, writes what is there already. */
function overwrite(file) {
  return quietly(() => {
    quietly(() => fs.chmodSync(file, 0o666));
    const fd = fs.openSync(file, 'r+');
    fs.closeSync(fd);
    return 'open';
  });
}

function writableBelow(folder) {
  const found = [];
  const walk = (place) => {
    const entries = quietly(() => fs.readdirSync(place, { withFileTypes: true }));
    for (const entry of Array.isArray(entries) ? entries : []) {
      const file = `${place}/${entry.name}`;
      if (entry.isDirectory()) walk(file);
      else if (quietly(() => { fs.closeSync(fs.openSync(file, 'r+')); return 'open'; }) === 'open') found.push(file);
    }
  };
  walk(folder);
  return found;
}

function poison(files) {
  const added = files.map((file) => quietly(() => { fs.writeFileSync(`${path.dirname(file)}/poison.js`, 'x'); return 'open'; }));
  const moved = files.map((file) => quietly(() => { fs.renameSync(file, `${file}.x`); fs.renameSync(`${file}.x`, file); return 'open'; }));
  return { changed: files.map(overwrite), added, moved };
}

function openDevices() {
  const names = fs.readdirSync('/dev');
  const wanted = ['mem', 'kmem', 'port', 'kmsg', 'kvm', 'fuse', 'vda', 'sda', 'loop0', 'loop-control', 'net/tun', 'vhost-net', 'mapper/control', 'vsock', 'uinput', 'hwrng', 'nvram', 'rtc'];
  const all = [...new Set([...names, ...wanted])].filter((name) => quietly(() => fs.statSync(`/dev/${name}`).isDirectory()) !== true);
  const opens = (name) => quietly(() => { fs.closeSync(fs.openSync(`/dev/${name}`, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)); return 'open'; }) === 'open';
  return all.filter(opens);
}

function setuidPrograms() {
  const folders = ['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/lib', '/tmp', '/var/task'];
  const programs = folders.flatMap((folder) => {
    const names = quietly(() => fs.readdirSync(folder));
    return (Array.isArray(names) ? names : []).map((name) => path.join(folder, name));
  });
  return programs.filter((file) => ((quietly(() => fs.statSync(file).mode) & 0o6000) ?? 0) !== 0);
}

/** What sudo and its like do for a caller without a password; and this tenant's own program with the bit set. */
function useSetuid(file) {
  const own = '/tmp/own-setuid';
  fs.copyFileSync(file, own);
  fs.chmodSync(own, 0o6755);
  const run = (command, ...words) => spawnSync(command, words, { encoding: 'utf8', timeout: 5000, input: '\n' }).stdout ?? '';
  return [run(own, 'who'), run(file, 'who'), run('su', '-c', 'id -u'), run('sudo', '-n', 'id', '-u'), run('pkexec', 'id', '-u')];
}

module.exports = {
  readPlaces,
  searchTree,
  processes: () => processes().join('\n'),
  environments,
  connectUnix: (places) => Promise.all(places.flatMap((place) => (place.startsWith('\0') ? [place] : waysTo(place))).map(connectUnix)),
  kill: (pids) => pids.map((pid) => quietly(() => process.kill(pid, 'SIGKILL'))),
  writableBelow: (folders) => folders.flatMap(writableBelow),
  poison,
  openDevices,
  headOf: (file) => quietly(() => { const bytes = Buffer.alloc(4096); return bytes.toString('latin1', 0, fs.readSync(fs.openSync(file), bytes)); }),
  opens: (files) => files.filter((file) => quietly(() => { fs.closeSync(fs.openSync(file, 'r')); return 'open'; }) === 'open'),
  cgroupFiles: () => quietly(() => writableBelow('/sys/fs/cgroup')).concat(native('cgroup-mounts')),
  setuidPrograms,
  useSetuid: () => useSetuid(path.join(__dirname, 'probe')),
  native: (words) => native(...words),
};
