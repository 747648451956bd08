import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planCgroups, planOwnCgroups } from './cgroup-plan.ts';

const v1 = [
  '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct',
  '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
  '39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids',
].join('\n');
const v2 = '41 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw,nsdelegate';

test('version 1 has a hierarchy per controller, shared ones included', () => {
  assert.deepEqual(planCgroups({ mountinfo: v1, ownCgroups: '4:memory:/x\n', v2Controllers: '' }), {
    memory: { version: 1, dir: '/sys/fs/cgroup/memory' },
    cpu: { version: 1, dir: '/sys/fs/cgroup/cpu,cpuacct' },
    pids: { version: 1, dir: '/sys/fs/cgroup/pids' },
  });
});

test('version 2 has one hierarchy, used from the top by a login session', () => {
  const facts = {
    mountinfo: v2,
    ownCgroups: '0::/user.slice/session-3.scope\n',
    v2Controllers: 'cpu memory pids\n',
  };
  assert.deepEqual(planCgroups(facts).memory, { version: 2, dir: '/sys/fs/cgroup/' });
});

test('under systemd our folder lies below the service', () => {
  const facts = {
    mountinfo: v2,
    ownCgroups: '0::/system.slice/millrace.service\n',
    v2Controllers: 'cpu memory pids\n',
  };
  assert.equal(planCgroups(facts).cpu.dir, '/sys/fs/cgroup/system.slice/millrace.service');
});

test('in the hybrid each controller is taken where it is', () => {
  const hybrid = `${v1.split('\n')[1]}\n41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw`;
  const plan = planCgroups({ mountinfo: hybrid, ownCgroups: '0::/\n', v2Controllers: 'cpu pids' });
  assert.deepEqual([plan.memory.version, plan.cpu.version, plan.pids.version], [1, 2, 2]);
});

test('missing controllers are named, all at once', () => {
  const facts = { mountinfo: v2, ownCgroups: '0::/\n', v2Controllers: 'cpu hugetlb' };
  assert.throws(() => planCgroups(facts), /no cgroup controller for memory, pids/);
});

const SCOPE = '/user.slice/user-1000.slice/user@1000.service/app.slice/run-1.scope';

test('an ordinary user gets the cgroups that he is in, where they are his', () => {
  const facts = { mountinfo: v2, ownCgroups: `0::${SCOPE}\n`, v2Controllers: '' };
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
  const facts = { mountinfo: v2, ownCgroups: `0::${SCOPE}\n`, v2Controllers: '' };
  const without = (missing: string) => planOwnCgroups(facts, (_, controller) => controller !== missing);
  assert.deepEqual(Object.keys(without('cpu') ?? {}), ['memory', 'pids']);
  assert.equal(without('memory'), null);
});

test('a leaf that a former life has moved us into is not what we build in', () => {
  const facts = { mountinfo: v2, ownCgroups: `0::${SCOPE}/millrace-a1b2c3-platform\n`, v2Controllers: '' };
  assert.equal(planOwnCgroups(facts, () => true)?.memory.dir, `/sys/fs/cgroup${SCOPE}`);
});

test('version 1 tells an ordinary user’s folder for each controller', () => {
  const ownCgroups = '4:memory:/own\n3:cpu,cpuacct:/own\n8:pids:/own\n0::/\n';
  const plan = planOwnCgroups({ mountinfo: v1, ownCgroups, v2Controllers: '' }, () => true);
  assert.deepEqual(plan?.cpu, { version: 1, dir: '/sys/fs/cgroup/cpu,cpuacct/own' });
  assert.deepEqual(plan?.memory, { version: 1, dir: '/sys/fs/cgroup/memory/own' });
});
