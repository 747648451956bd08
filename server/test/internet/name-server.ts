// The name server of a test internet: a real dnsmasq inside its namespace that knows the names it is given
// and no others. Called by open-test-internet.ts.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

export type NameServer = {
  /** Makes a name known; resolves when the server answers for it. */
  add(hostName: string, address: string): Promise<void>;
  stop(): Promise<void>;
};

/** @param folder where its list of names is kept */
export async function startNameServer(
  namespace: string,
  address: string,
  folder: string,
): Promise<NameServer> {
  const hostsFile = path.join(folder, 'hosts');
  const known: string[] = [];
  const write = (): void => writeFileSync(hostsFile, known.map((line) => `${line}\n`).join(''));
  write();
  const child = spawnDnsmasq(namespace, address, hostsFile);
  const nextRead = readsOf(child);
  await nextRead();
  return {
    async add(hostName, hostAddress) {
      known.push(`${hostAddress} ${hostName}`);
      write();
      child.kill('SIGHUP');
      await nextRead();
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function spawnDnsmasq(namespace: string, address: string, hostsFile: string): ChildProcess {
  const settings = [
    '--keep-in-foreground',
    '--log-facility=-',
    '--conf-file=/dev/null',
    '--user=root',
    '--pid-file=',
    '--no-resolv',
    '--no-hosts',
    '--bind-interfaces',
    `--listen-address=${address}`,
    // Authoritative for everything: an unknown name does not exist, it isn't asked for elsewhere.
    '--local=/#/',
    `--addn-hosts=${hostsFile}`,
  ];
  // The kernel ends it when the test process dies, however it dies.
  const args = ['netns', 'exec', namespace, 'setpriv', '--pdeathsig', 'KILL', 'dnsmasq', ...settings];
  return spawn('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/**
 * Every call settles with the next time that the server has read its names: it logs `read <file> - n names`.
 */
function readsOf(child: ChildProcess): () => Promise<void> {
  let reads = 0;
  let awaited = 0;
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const said: string[] = [];
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
    said.push(line);
    if (!/read .*\/hosts - \d+/.test(line)) return;
    reads += 1;
    waiting.shift()?.resolve();
  });
  child.once('exit', (code) => {
    const error = new Error(`dnsmasq ended with status ${code}:\n${said.join('\n')}`);
    for (const one of waiting) one.reject(error);
  });
  return () =>
    new Promise((resolve, reject) => {
      awaited += 1;
      if (reads >= awaited) resolve();
      else waiting.push({ resolve, reject });
    });
}
