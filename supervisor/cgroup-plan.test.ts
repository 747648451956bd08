import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CgroupFacts, planCgroups, planOwnCgroups } from './cgroup-plan.ts';

const v1 = [
  '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct',
  '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
  '39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids',
].join('\n');
const v2 = '41 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw,nsdelegate';
const ALL = ['cpuset', 'cpu', 'io', 'memory', 'pids'];

/**
 * @param offered what each folder of version 2 has to hand down; all folders have everything unless stated
 */
function factsOf(mountinfo: string, ownCgroups: string, offered?: Record<string, string[]>): CgroupFacts {
  return {
    mountinfo,
    ownCgroups,
    controllersIn: (dir) => (offered === undefined ? ALL : (offered[dir] ?? [])),
  };
}

test('version 1 has a hierarchy per controller, shared ones included', () => {
  assert.deepEqual(planCgroups(factsOf(v1, '4:memory:/x\n', {})), {
    memory: { version: 1, dir: '/sys/fs/cgroup/memory' },
    cpu: { version: 1, dir: '/sys/fs/cgroup/cpu,cpuacct' },
    pids: { version: 1, dir: '/sys/fs/cgroup/pids' },
    cpuacct: { version: 1, dir: '/sys/fs/cgroup/cpu,cpuacct' },
  });
});

test('version 2 has one hierarchy, used from the top by a login session', () => {
  const facts = factsOf(v2, '0::/user.slice/session-3.scope\n');
  assert.deepEqual(planCgroups(facts).memory, { version: 2, dir: '/sys/fs/cgroup/' });
});

test('under systemd our folder lies below the service', () => {
  const facts = factsOf(v2, '0::/system.slice/millrace.service\n');
  assert.equal(planCgroups(facts).cpu.dir, '/sys/fs/cgroup/system.slice/millrace.service');
});

test('the next life, and a second installation, build in the same service, whatever leaf they were moved into', () => {
  const facts = factsOf(v2, '0::/system.slice/millrace.service/millrace-platform\n');
  assert.equal(planCgroups(facts).memory.dir, '/sys/fs/cgroup/system.slice/millrace.service');
  assert.equal(planCgroups(factsOf(v2, '0::/millrace-platform\n')).memory.dir, '/sys/fs/cgroup/');
});

test('a service that systemd has not given all controllers leaves ours at the top', () => {
  const facts = factsOf(v2, '0::/system.slice/millrace.service\n', {
    '/sys/fs/cgroup/': ALL,
    '/sys/fs/cgroup/system.slice/millrace.service': ['memory', 'pids'],
  });
  const top = { version: 2, dir: '/sys/fs/cgroup/' };
  assert.deepEqual(planCgroups(facts), { memory: top, cpu: top, pids: top });
});

test('in the hybrid each controller is taken where it is', () => {
  const hybrid = `${v1.split('\n')[1]}\n41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw`;
  const plan = planCgroups(factsOf(hybrid, '0::/\n', { '/sys/fs/cgroup/unified/': ['cpu', 'pids'] }));
  assert.deepEqual([plan.memory.version, plan.cpu.version, plan.pids.version], [1, 2, 2]);
});

test('missing controllers are named, all at once', () => {
  const facts = factsOf(v2, '0::/\n', { '/sys/fs/cgroup/': ['cpu', 'hugetlb'] });
  assert.throws(() => planCgroups(facts), /no cgroup controller for memory, pids/);
});

const SCOPE = '/user.slice/user-1000.slice/user@1000.service/app.slice/run-1.scope';

test('an ordinary user gets the cgroups that he is in, where they are his', () => {
  const facts = factsOf(v2, `0::${SCOPE}\n`);
  const dir = `/sys/fs/cgroup${SCOPE}`;
  const own = { version: 2 as const, dir };
  assert.deepEqual(
    planOwnCgroups(facts, (hierarchy) => hierarchy.dir === dir),
    { memory: own, pids: own, cpu: own },
  );
  assert.equal(
    planOwnCgroups(facts, () => false),
    null,
  );
});

test('an ordinary user does without the controller cpu, and not without memory', () => {
  const facts = factsOf(v2, `0::${SCOPE}\n`);
  const without = (missing: string) => planOwnCgroups(facts, (_, controller) => controller !== missing);
  assert.deepEqual(Object.keys(without('cpu') ?? {}), ['memory', 'pids']);
  assert.equal(without('memory'), null);
});

test('a leaf that a former life has moved us into is not what we build in', () => {
  const facts = factsOf(v2, `0::${SCOPE}/millrace-platform\n`);
  assert.equal(planOwnCgroups(facts, () => true)?.memory.dir, `/sys/fs/cgroup${SCOPE}`);
});

test('version 1 tells an ordinary user’s folder for each controller', () => {
  const ownCgroups = '4:memory:/own\n3:cpu,cpuacct:/own\n8:pids:/own\n0::/\n';
  const plan = planOwnCgroups(factsOf(v1, ownCgroups), () => true);
  assert.deepEqual(plan?.cpu, { version: 1, dir: '/sys/fs/cgroup/cpu,cpuacct/own' });
  assert.deepEqual(plan?.memory, { version: 1, dir: '/sys/fs/cgroup/memory/own' });
});
