import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jailArguments, tmpOptions } from './jail-arguments.ts';
import { nodeFile } from './jail-engine.ts';

const folders = {
  stageDir: '/run/millrace/x/stage',
  etcDir: '/run/millrace/x/etc',
  system: [
    { path: '/usr/bin', linkTarget: null },
    { path: '/bin', linkTarget: 'usr/bin' },
  ],
};

const engine = nodeFile({ root: '/', relative: 'node' });

test('the environment is cleared before anything is set', () => {
  const args = jailArguments(folders, { engine, environment: { NODE_EXTRA_CA_CERTS: '/etc/ssl/x.pem' } });
  assert.ok(args.indexOf('--clearenv') < args.indexOf('--setenv'));
});

test('only /tmp is bound writable, and the root is made read-only last', () => {
  const args = jailArguments(folders, { engine, environment: {} });
  const writable = args.flatMap((arg, index) => (arg === '--bind' ? [args[index + 2]] : []));
  assert.deepEqual(writable, ['/tmp']);
  assert.deepEqual(args.slice(-4), ['--remount-ro', '/', '--chdir', '/']);
});

test('system folders appear read-only and links as links', () => {
  const line = jailArguments(folders, { engine, environment: {} }).join(' ');
  assert.match(line, /--ro-bind \/usr\/bin \/usr\/bin --symlink usr\/bin \/bin/);
});

test('the network namespace is kept: it is prepared, and out of the reach of whoever is inside', () => {
  const args = jailArguments(folders, { engine, environment: {} });
  assert.ok(!args.includes('--unshare-net') && !args.includes('--unshare-all'));
  for (const kind of ['user', 'pid', 'ipc', 'uts', 'cgroup'])
    assert.ok(args.includes(`--unshare-${kind}`), kind);
});

test('/tmp has a size, a number of files and an owner', () => {
  assert.equal(tmpOptions(2, 7), 'size=2m,nr_inodes=512,mode=0700,uid=7,gid=7,nosuid,nodev');
});
