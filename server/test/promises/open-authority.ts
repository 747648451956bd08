// A real authority that gives certificates by ACME, for promises: Pebble, with a name server of its own that
// answers every name with this machine, but those that a test sends elsewhere.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openOwnCertificate } from '../../src/http/own-certificate.ts';
import { until } from '../until.ts';
import { freePort } from './start-millrace.ts';

export type Authority = {
  /** Settings of a server that asks it. */
  env: Record<string, string>;
  /** What clients trust, PEM. */
  root(): Promise<string>;
  /** Where names lead. */
  pointTo(name: string, address: string): Promise<void>;
  /** Everything printed so far. */
  output(): string;
  /** It is there no more; what it was set up with stays. */
  end(): Promise<void>;
  close(): Promise<void>;
};

/** `lookPort`: where it looks for the answers to challenges. `lifeS`: of certificates. */
export async function openAuthority({
  lookPort,
  lifeS,
}: {
  lookPort: number;
  lifeS: number;
}): Promise<Authority> {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-acme-'));
  // The server's user reads its root.
  chmodSync(folder, 0o755);
  const tls = path.join(folder, 'tls');
  mkdirSync(tls);
  const { cert, key } = openOwnCertificate(tls, ['localhost'], Date.now());
  const [port, managementPort, dnsPort, dnsManagementPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const settings = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${managementPort}`,
    certificate: file('cert.pem', cert),
    privateKey: file('key.pem', key),
    ...{ httpPort: lookPort, tlsPort: 1, ocspResponderURL: '', externalAccountBindingRequired: false },
    certificateValidityPeriod: lifeS,
  };
  let printed = '';
  const run = (command: string, args: string[], env: Record<string, string>): ChildProcess => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        printed += chunk;
      });
    process.once('exit', () => child.kill());
    return child;
  };
  const off = '';
  const dns = run(
    'pebble-challtestsrv',
    [
      ...['-defaultIPv4', '127.0.0.1', '-defaultIPv6', off, '-http01', off, '-https01', off],
      ...[
        '-tlsalpn01',
        off,
        '-dns01',
        `127.0.0.1:${dnsPort}`,
        '-management',
        `127.0.0.1:${dnsManagementPort}`,
      ],
    ],
    {},
  );
  // Without them it waits for some seconds, and refuses one nonce in twenty: the latter is how it is.
  const authority = run(
    'pebble',
    [
      '-config',
      file('pebble.json', JSON.stringify({ pebble: settings })),
      '-dnsserver',
      `127.0.0.1:${dnsPort}`,
    ],
    { PEBBLE_VA_NOSLEEP: '1' },
  );
  const ca = path.join(tls, 'ca.pem');
  const root = async (): Promise<string> => await read(`https://localhost:${managementPort}/roots/0`);
  const end = async (): Promise<void> => {
    for (const child of [authority, dns]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill();
      await once(child, 'exit');
    }
  };
  await until('the authority is up', async () => {
    const isUp = await root().then(
      () => true,
      () => false,
    );
    return isUp;
  });
  return {
    env: { MILLRACE_ACME: `https://localhost:${port}/dir`, MILLRACE_EXTRA_CA_CERTS: ca },
    root,
    output: () => printed,
    pointTo: async (name, address) => {
      const answer = await fetch(`http://127.0.0.1:${dnsManagementPort}/add-a`, {
        method: 'POST',
        body: JSON.stringify({ host: `${name}.`, addresses: [address] }),
      });
      if (!answer.ok) throw new Error(`the name server answers ${answer.status}`);
    },
    end,
    close: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function read(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve(text));
    }).on('error', reject);
  });
}
