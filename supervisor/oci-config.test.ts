import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeFile } from './jail-engine.ts';
import { type OciMount, ociConfig, rootSkeleton } from './oci-config.ts';
import { ociSeccomp } from './seccomp-oci.ts';

const engine = nodeFile({ root: '/', relative: 'node' });
const folders = {
  stageDir: '/run/millrace/x/stage',
  etcDir: '/run/millrace/x/etc',
  rootDir: '/run/millrace/x/root',
  system: [
    { path: '/usr/bin', linkTarget: null },
    { path: '/bin', linkTarget: 'usr/bin' },
  ],
};
const params = {
  folders,
  runtime: { command: ['/opt/millrace/engine/node', 'x.cjs'], environment: { CERTS: '/etc/x.pem' }, engine },
  limits: { memoryMb: 256, tmpMb: 2, cpuPercent: 50, pids: 64, openFiles: 256 },
  networkFile: '/run/netns/mr-x-1',
  uid: 2_000_000_007,
  cgroupsPath: '/millrace-x/one',
  countsSwap: true,
  seccomp: ociSeccomp('x64'),
};
type Config = {
  mounts: OciMount[];
  root: { readonly: boolean };
  process: {
    args: string[];
    env: string[];
    noNewPrivileges: boolean;
    capabilities: Record<string, string[]>;
    user: object;
  };
  linux: {
    namespaces: { type: string; path?: string }[];
    uidMappings: { containerID: number; hostID: number; size: number }[];
    resources: Record<string, unknown>;
  };
};
const configOf = (changes: Partial<typeof params> = {}): Config =>
  ociConfig({ ...params, ...changes }) as Config;

test('every namespace is new but the network, which is prepared', () => {
  const { namespaces } = configOf().linux;
  assert.deepEqual(namespaces.map(({ type }) => type).sort(), [
    ...['cgroup', 'ipc', 'mount', 'network', 'pid', 'user', 'uts'],
  ]);
  assert.deepEqual(
    namespaces.filter((one) => one.path !== undefined),
    [{ type: 'network', path: '/run/netns/mr-x-1' }],
  );
});

test('users inside are users of the sandbox alone outside, and one of each', () => {
  const { uidMappings } = configOf().linux;
  assert.deepEqual(
    uidMappings.map(({ containerID, size }) => [containerID, size]),
    [
      [0, 1],
      [1000, 1],
    ],
  );
  const other = configOf({ uid: params.uid + 1 }).linux.uidMappings;
  const outside = [...uidMappings, ...other].map(({ hostID }) => hostID);
  assert.equal(new Set(outside).size, 4);
  assert.ok(outside.every((id) => id >= 2_000_000_000 && id < 2 ** 32 - 1));
});

test('the process has no capability, no variable, and no way to more', () => {
  const { process } = configOf();
  assert.deepEqual(Object.values(process.capabilities).flat(), []);
  assert.deepEqual(
    [process.env, process.noNewPrivileges, process.user],
    [[], true, { uid: 1000, gid: 1000 }],
  );
  assert.deepEqual(process.args.slice(-5), [
    ...['/usr/bin/env', '-i', 'CERTS=/etc/x.pem'],
    ...['/opt/millrace/engine/node', 'x.cjs'],
  ]);
});

test('only /tmp, shared memory and terminals are mounted writable, none with setuid', () => {
  const { mounts, root } = configOf();
  const writable = mounts.filter(({ options }) => !options.includes('ro')).map((one) => one.destination);
  assert.deepEqual(writable, ['/dev/pts', '/dev/shm', '/tmp']);
  assert.equal(root.readonly, true);
  for (const { destination, options } of mounts) assert.ok(options.includes('nosuid'), destination);
  const tmp = mounts.find((one) => one.destination === '/tmp')?.options ?? [];
  for (const option of ['size=2m', 'nr_inodes=512', 'mode=0700']) assert.ok(tmp.includes(option), option);
});

test('limits go to the runtime in its units; swap only where the kernel counts it', () => {
  const { memory, cpu, pids } = configOf().linux.resources;
  assert.deepEqual(memory, { limit: 268_435_456, swap: 268_435_456 });
  assert.deepEqual([cpu, pids], [{ quota: 50_000, period: 100_000 }, { limit: 64 }]);
  assert.deepEqual(configOf({ countsSwap: false }).linux.resources.memory, { limit: 268_435_456 });
});

test('the root has a place for every mount, and links as the machine has them', () => {
  const { directories, files, links } = rootSkeleton(folders, [engine]);
  const places = new Set([...directories, ...files]);
  const needed = configOf()
    .mounts.map(({ destination }) => destination)
    .filter((destination) => !destination.startsWith('/dev/'));
  assert.deepEqual(
    needed.filter((destination) => !places.has(destination)),
    [],
  );
  assert.deepEqual(links, [{ path: '/bin', target: 'usr/bin' }]);
});
