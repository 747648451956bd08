// The look at what is left over is itself tried beside cgroups that come and go.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { namedCgroups } from './named-cgroups.ts';
import { noJails } from './start-millrace.ts';

const LOOKS = 500;
const HIERARCHY = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup'].find((dir) => existsSync(dir)) ?? '';

/** Makes and removes cgroups until it is ended, or half a minute is over. */
const COMING_AND_GOING = `
  const { mkdirSync, rmdirSync } = require('node:fs');
  const dir = process.argv[1];
  process.on('SIGTERM', () => process.exit());
  const until = Date.now() + 30_000;
  const turn = () => {
    for (let round = 0; round < 100; round += 1) {
      for (const name of ['', '/a', '/a/b']) mkdirSync(dir + name);
      for (const name of ['/a/b', '/a', '']) rmdirSync(dir + name);
    }
    if (Date.now() < until) setImmediate(turn);
  };
  console.log('begun');
  turn();
`;

test('cgroups are found by their name while others come and go', { skip: noJails() }, async () => {
  const ours = path.join(HIERARCHY, `millrace-test-ours-${process.pid}`);
  const others = path.join(HIERARCHY, `millrace-test-others-${process.pid}`);
  mkdirSync(ours);
  const child = spawn(process.execPath, ['-e', COMING_AND_GOING, others], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout, 'data');
    for (let look = 0; look < LOOKS; look += 1) {
      const found = namedCgroups(path.basename(ours));
      assert.ok(found.includes(ours), `look ${look}`);
    }
    assert.equal(child.exitCode, null, 'others came and went all the while');
  } finally {
    child.kill();
    await once(child, 'exit');
    rmdirSync(ours);
  }
});
