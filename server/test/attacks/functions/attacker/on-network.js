// Attacks over the network. Every one answers with what the other side said.
'use strict';

const { spawnSync } = require('node:child_process');
const dgram = require('node:dgram');
const { Resolver } = require('node:dns/promises');
const net = require('node:net');
const os = require('node:os');
const { native } = require('./native.js');

const WAIT_MS = 1500;

const get = async (url) => {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(WAIT_MS) });
    return await answer.text();
  } catch (error) {
    return error.cause?.code ?? error.cause?.errors?.[0]?.code ?? error.name;
  }
};

const tcp = ({ host, port }) =>
  new Promise((resolve) => {
    let text = '';
    const socket = net.connect({ host, port, timeout: WAIT_MS });
    socket.on('connect', () => socket.write('GET /tcp HTTP/1.0\r\n\r\n'));
    socket.on('data', (chunk) => { text += chunk; }).on('end', () => resolve(`connected ${text}`));
    socket.on('error', (error) => resolve(error.code)).on('timeout', () => { socket.destroy(); resolve('silent'); });
  });

const udp = ({ host, port, text }) =>
  new Promise((resolve) => {
    const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const end = (what) => { clearTimeout(timer); socket.close(); resolve(what); };
    const timer = setTimeout(() => end('silent'), 700);
    socket.on('message', (answer) => end(`answered ${answer}`)).on('error', (error) => end(error.code));
    socket.send(text, port, host, (error) => error && end(error.code));
  });

const lookup = async ({ server, name }) => {
  const resolver = new Resolver({ timeout: 700, tries: 1 });
  if (server) resolver.setServers([server]);
  return resolver.resolve4(name).catch((error) => error.code);
};

/** A request to a name that was looked up and found harmless before: as a careful proxy does it. */
const rebind = async ({ name, times }) => {
  const seen = [];
  for (let n = 0; n < times; n++) seen.push(await get(`http://${name}/rebind-${n}`));
  return seen;
};

/** Takes the walls down from the inside, as far as it may. */
const tearDown = () =>
  ['nft flush ruleset', 'nft delete table inet millrace', 'iptables -F', 'ip link set eth0 down', 'ip addr add 10.9.9.9/8 dev eth0',
    'ip route add 10.0.0.0/8 dev eth0', 'ip rule add from all lookup 9', 'tc qdisc add dev eth0 ingress', 'sysctl -w net.ipv4.ip_forward=1']
    .filter((command) => spawnSync('/bin/sh', ['-c', command]).status === 0);

module.exports = {
  gets: (urls) => Promise.all(urls.map(get)),
  connects: (targets) => Promise.all(targets.map(tcp)),
  datagrams: (targets) => Promise.all(targets.map(udp)),
  lookup,
  rebind,
  tearDown,
  ownAddresses: () => Object.values(os.networkInterfaces()).flat().map(({ address }) => address),
  ping: ({ host, text }) => native('ping', host, text),
  callPlatform: async ({ url, method }) => (await fetch(url, { method })).text(),
};
