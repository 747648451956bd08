// A network that swallows everything: whatever an installation's sandboxes send to anywhere but this machine
// ends in a namespace of the test's, where every IPv4 address answers. So a packet that a wall lets through
// is seen, and none ever leaves the machine.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { makeNetwork } from '../internet/network.ts';

export type TapMessage = { asked: string[]; told: string[] };

export type Tap = {
  /** Settings for the Millrace whose sandboxes are swallowed. */
  env: Record<string, string>;
  /** Address of a web server that functions may reach. */
  publicAddress: string;
  /** Destinations of all packets that came in so far: `10.1.2.3 tcp`. */
  seen(): string[];
  /** Empties the list of what was seen. */
  forget(): void;
  /** Names that the resolver was asked for, and addresses that it gave. */
  questions(): Promise<TapMessage>;
  close(): Promise<void>;
};

const ANSWERING = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'],
  ...['192.0.0.0/24', '198.18.0.0/15', '203.0.113.0/24', '0.0.0.0/8', '240.0.0.0/4'],
];

/** The recording: every destination with its protocol, by the kernel. */
const RECORDER = `table ip tap {
  set seen { type ipv4_addr . inet_proto; flags dynamic; size 65535; }
  chain incoming { type filter hook prerouting priority -300; iifname "uplink" update @seen { ip daddr . ip protocol }; }
}`;

/**
 * @param names  A records; several addresses are given in turn, `public` stands for the web server's
 * @param canary what every web server in it answers with
 */
export async function openTap(names: Record<string, string[]>, canary: string): Promise<Tap> {
  const network = makeNetwork();
  const [resolver, publicAddress] = [network.nextAddress(), network.nextAddress()];
  // Apart from other installations on the machine: their sandboxes' packets are theirs.
  const second = 97 + (process.pid % 30);
  const links = `100.${second}.0.0/16`;
  const table = String(10_000 + second);
  const { namespace } = network;
  ip('-n', namespace, 'rule', 'add', 'iif', 'uplink', 'lookup', '100');
  ip('-n', namespace, 'route', 'add', 'local', 'default', 'dev', 'lo', 'table', '100');
  // What is to answer must be an address of its own in the kernel's first table.
  for (const range of ANSWERING) ip('-n', namespace, 'route', 'add', 'local', range, 'dev', 'lo');
  execFileSync('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], { input: RECORDER });
  const removeRoutes = (): void => {
    ip('rule', 'del', 'pref', table);
    ip('route', 'flush', 'table', table);
  };
  ip('route', 'replace', 'throw', links, 'table', table);
  ip('route', 'replace', 'default', 'via', publicAddress, 'table', table);
  ip('rule', 'add', 'from', links, 'lookup', table, 'pref', table);
  // Also when a test is stopped in the middle. What a killed one leaves names a range that only its process
  // uses.
  process.once('exit', removeRoutes);
  const records = Object.entries(names).map(([name, addresses]) => [
    name,
    addresses.map((address) => (address === 'public' ? publicAddress : address)),
  ]);
  const server = await startServer(namespace, { resolver, names: Object.fromEntries(records), canary });
  return {
    env: { MILLRACE_SANDBOX_NETWORK: `100.${second}.0.0`, MILLRACE_DNS: resolver },
    publicAddress,
    seen: () => seenIn(namespace),
    forget: () => ip('netns', 'exec', namespace, 'nft', 'flush', 'set', 'ip', 'tap', 'seen'),
    questions: async () => {
      server.send('questions');
      const [message] = (await once(server, 'message')) as [TapMessage];
      return message;
    },
    close: async () => {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGKILL');
        await once(server, 'exit');
      }
      process.off('exit', removeRoutes);
      removeRoutes();
      network.remove();
    },
  };
}

export type TapServerSettings = { resolver: string; names: Record<string, string[]>; canary: string };

async function startServer(namespace: string, settings: TapServerSettings): Promise<ChildProcess> {
  const script = path.join(import.meta.dirname, 'tap-server.ts');
  const words = ['netns', 'exec', namespace, 'setpriv', '--pdeathsig', 'KILL', process.execPath, script];
  const child = spawn('ip', [...words, JSON.stringify(settings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

type Listed = { nftables: { set?: { elem?: { elem?: { val?: Pair }; concat?: [string, string] }[] } }[] };
type Pair = { concat: [string, string] };

function seenIn(namespace: string): string[] {
  const words = ['netns', 'exec', namespace, 'nft', '-j', 'list', 'set', 'ip', 'tap', 'seen'];
  const { nftables } = JSON.parse(execFileSync('ip', words, { encoding: 'utf8' })) as Listed;
  const elements = nftables.flatMap(({ set }) => set?.elem ?? []);
  return elements.map((one) => (one.concat ?? one.elem?.val?.concat ?? []).join(' ')).sort();
}

function ip(...words: string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] });
}
