// A small internet in a network namespace: web servers on a public and on a private address, and a resolver.
// Used by network.test.ts. The other side of its link is this machine.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { runCommand } from '../../../supervisor/run-command.ts';

/** Documentation range (RFC 5737), so nothing forbids it and nobody uses it. */
export const PUBLIC_ADDRESS = '198.51.100.202';
export const PRIVATE_ADDRESS = '10.213.77.2';
/** This machine's own addresses on the link. */
export const HOST_PUBLIC_ADDRESS = '198.51.100.201';
export const HOST_PRIVATE_ADDRESS = '10.213.77.1';
/** The name that the resolver knows. */
export const KNOWN_NAME = 'shop.example';
export const WEB_PORT = 80;
/** Where datagrams are answered. */
export const ECHO_PORTS = [443, 4433] as const;

export type Internet = { remove(): Promise<void> };

export async function openInternet(): Promise<Internet> {
  const mark = randomBytes(3).toString('hex');
  const [namespace, link] = [`inet-${mark}`, `inet${mark}`];
  const host = [`netns add ${namespace}`, `link add ${link} type veth peer name eth0 netns ${namespace}`];
  const addresses = [HOST_PUBLIC_ADDRESS, HOST_PRIVATE_ADDRESS].map(
    (one) => `addr add ${one}/30 dev ${link}`,
  );
  await runCommand('ip', ['-batch', '-'], [...host, ...addresses, `link set ${link} up`].join('\n'));
  const inside = [PUBLIC_ADDRESS, PRIVATE_ADDRESS].map((one) => `addr add ${one}/30 dev eth0`);
  const up = [
    ...inside,
    'link set eth0 up',
    'link set lo up',
    `route add default via ${HOST_PUBLIC_ADDRESS}`,
  ];
  await runCommand('ip', ['-n', namespace, '-batch', '-'], up.join('\n'));
  const servers = await startServers(namespace);
  return {
    remove: async () => {
      servers.kill('SIGKILL');
      await once(servers, 'exit');
      await runCommand('ip', ['-batch', '-'], `link del ${link}\nnetns del ${namespace}\n`);
    },
  };
}

async function startServers(namespace: string): Promise<ChildProcess> {
  const script = path.join(import.meta.dirname, 'internet-servers.ts');
  const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}
