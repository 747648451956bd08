// The peers that come from npm, installed when they are first measured: Google's functions framework and
// Cloudflare's workerd. Neither has a jail around the function; they are what a call costs without one.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import type { Peer } from './peer.ts';

const FOLDER = path.resolve(import.meta.dirname, '../build/peers');
const PACKAGES = ['@google-cloud/functions-framework@5', 'workerd@1'];

/** Says what it installs; does nothing when it is there. */
export function installPeers(): void {
  if (existsSync(path.join(FOLDER, 'node_modules/.bin/workerd'))) return;
  console.log(`installing ${PACKAGES.join(' and ')} to measure beside them (about 180 MB, once)`);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path.join(FOLDER, 'package.json'), '{"private":true}');
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', ...flags, ...PACKAGES], {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

export async function functionsFramework(): Promise<Peer> {
  const code = `exports.noop = (request, response) => response.type('json').send('{"ok":true}');`;
  writeFileSync(path.join(FOLDER, 'index.js'), code);
  const port = await freePort();
  const command = path.join(FOLDER, 'node_modules/@google-cloud/functions-framework/build/src/main.js');
  const args = [command, '--target=noop', `--port=${port}`, `--source=${FOLDER}`];
  return startPeer('functions-framework', [process.execPath, ...args], port);
}

export async function workerd(): Promise<Peer> {
  const port = await freePort();
  const code = `export default { fetch: () => new Response('{"ok":true}', { headers: { 'content-type': 'application/json' } }) };`;
  writeFileSync(path.join(FOLDER, 'noop.mjs'), code);
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [(name = "noop", esModule = embed "noop.mjs")], compatibilityDate = "2024-01-01"))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
`;
  writeFileSync(path.join(FOLDER, 'noop.capnp'), config);
  const binary = path.join(FOLDER, 'node_modules/@cloudflare/workerd-linux-64/bin/workerd');
  return startPeer('workerd', [binary, 'serve', path.join(FOLDER, 'noop.capnp')], port);
}

async function startPeer(name: string, [command, ...args]: string[], port: number): Promise<Peer> {
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn(command as string, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}/`;
  const giveUpAt = Date.now() + 30_000;
  while ((await fetch(url).catch(() => null))?.status !== 200) {
    if (child.exitCode !== null || Date.now() > giveUpAt) throw new Error(`${name} does not come up`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    name,
    url,
    headers: {},
    close: async () => {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
