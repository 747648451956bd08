// How a sandbox behaves towards the server, whichever driver builds it, walls or none. Run by
// driver-conformance.ts.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { exitOf, type Promised, run } from './conformance-subject.ts';
import { Conversation, startSandbox, writeBundle } from './jail-fixture.ts';

export const behaviours: Promised[] = [
  {
    title:
      'a sandbox answers an event, knows no variable of the platform, and starts in the folder of its code',
    check: async ({ jails, installation }) => {
      const bundleHash = writeBundle(installation, 'return { event, env: process.env, cwd: process.cwd() };');
      const sandbox = await startSandbox(jails.driver, { bundleHash });
      const { body } = await new Conversation(sandbox).invoke({ a: [1, 'two'] });
      assert.deepEqual(body, { event: { a: [1, 'two'] }, env: {}, cwd: sandbox.place.taskRoot });
      sandbox.kill();
      await sandbox.exited;
    },
  },
  {
    title: 'several sandboxes answer side by side, each with its own code',
    check: async (subject) => {
      const answers = await Promise.all([1, 2, 3].map((number) => run(subject, `return ${number};`)));
      assert.deepEqual(answers, [1, 2, 3]);
    },
  },
  {
    title: 'standard output and standard error come apart',
    check: async ({ jails, installation }) => {
      const source = "require('node:fs').writeSync(1, 'to one'); require('node:fs').writeSync(2, 'to two');";
      const sandbox = await startSandbox(jails.driver, { bundleHash: writeBundle(installation, source) });
      const texts = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) {
        sandbox[name].on('data', (chunk: Buffer) => {
          texts[name] += chunk.toString();
        });
      }
      const closed = Promise.all([once(sandbox.stdout, 'close'), once(sandbox.stderr, 'close')]);
      const printed = Promise.all([once(sandbox.stdout, 'data'), once(sandbox.stderr, 'data')]);
      await new Conversation(sandbox).invoke();
      // What is still on its way when a sandbox is killed is lost.
      await printed;
      sandbox.kill();
      await closed;
      assert.match(texts.stdout, /to one/);
      assert.match(texts.stderr, /to two/);
      assert.doesNotMatch(texts.stdout, /to two/);
    },
  },
  {
    title: 'an exit status and a signal are handed on, and a builder says nothing of its own',
    check: async (subject) => {
      const left = await exitOf(subject, 'process.reallyExit(7);');
      assert.deepEqual(
        { code: left.code, signal: left.signal, outOfMemory: left.outOfMemory, output: left.output },
        { code: 7, signal: null, outOfMemory: false, output: '' },
      );
      const crashed = await exitOf(
        subject,
        "process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {});",
      );
      assert.deepEqual(
        {
          code: crashed.code,
          signal: crashed.signal,
          outOfMemory: crashed.outOfMemory,
          output: crashed.output,
        },
        { code: null, signal: 'SIGSEGV', outOfMemory: false, output: '' },
      );
    },
  },
  {
    title: 'killing a sandbox ends what it has started',
    check: async ({ jails, installation }) => {
      const source = `
        const { spawn } = require('node:child_process');
        const child = spawn('/bin/sh', ['-c', 'echo up; exec sleep 1000'], { stdio: ['ignore', 'inherit', 'inherit'] });
        await new Promise((resolve) => child.once('spawn', resolve));`;
      const sandbox = await startSandbox(jails.driver, { bundleHash: writeBundle(installation, source) });
      await new Conversation(sandbox).invoke();
      const lastHolderGone = once(sandbox.stdout, 'close');
      sandbox.kill();
      sandbox.kill();
      const exit = await sandbox.exited;
      assert.deepEqual(
        { code: exit.code, signal: exit.signal, outOfMemory: exit.outOfMemory },
        { code: null, signal: 'SIGKILL', outOfMemory: false },
      );
      await lastHolderGone;
    },
  },
  {
    title: 'where nothing is reused, each run is a process of its own that finds nothing of the one before',
    check: async ({ jails, installation }) => {
      const source = 'globalThis.seen = (globalThis.seen ?? 0) + 1; return [globalThis.seen, process.pid];';
      const bundleHash = writeBundle(installation, source);
      const sandbox = await startSandbox(jails.driver, { bundleHash, reuse: 'none' });
      const conversation = new Conversation(sandbox);
      const answers = [];
      for (let run = 0; run < 3; run++) answers.push((await conversation.invoke()).body as [number, number]);
      assert.deepEqual(
        answers.map(([seen]) => seen),
        [1, 1, 1],
      );
      assert.equal(new Set(answers.map(([, pid]) => pid)).size, 3);
      sandbox.kill();
      await sandbox.exited;
    },
  },
  {
    title: 'what cannot be started is refused as unavailable',
    check: async ({ jails, installation }) => {
      const limits = { memoryMb: 128, tmpMb: 1, cpuPercent: 100, pids: 10, openFiles: 64 };
      const bundleHash = writeBundle(installation, '');
      const refused = jails.driver.start({
        ...{
          id: 'noengine',
          accountId: '1',
          bundleHash,
          layerHash: null,
          egressDeny: [],
          engine: 'node-99',
          limits,
        },
      });
      await assert.rejects(refused, { code: 'unavailable' });
    },
  },
];
