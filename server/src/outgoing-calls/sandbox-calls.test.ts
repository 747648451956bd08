import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutgoingCall, RunSpan } from './outgoing-call.ts';
import { SandboxCalls } from './sandbox-calls.ts';
import { readWatchLine } from './watch-line.ts';

function span(runId: string, startedAtMs: number, endedAtMs: number | null = null): RunSpan {
  return { accountId: 'a', mode: 'live', runId, functionId: 'f', attempt: 1, startedAtMs, endedAtMs };
}

function take(calls: SandboxCalls, ...lines: string[]): void {
  for (const line of lines) {
    const read = readWatchLine(line);
    assert.ok(read !== null, line);
    calls.take(read);
  }
}

function end(calls: SandboxCalls, ended: RunSpan, atMs: number): void {
  ended.endedAtMs = atMs;
  calls.end(ended);
}

/** By run: port, phase, and what makes it uncertain. */
function seenIn(calls: SandboxCalls): Record<string, unknown[]> {
  const shown = ({ port, phase, reused, shared, bytes_sent: sent }: OutgoingCall): unknown[] => [
    ...[port, phase, sent],
    ...[reused ? 'reused' : '', shared ? 'shared' : ''].filter((word) => word !== ''),
  ];
  return Object.fromEntries(calls.settle().map((seen) => [seen.span.runId, seen.calls.map(shown)]));
}

test('a call is of the run that goes on when it begins, also if it is heard of later', () => {
  const calls = new SandboxCalls();
  const [one, two] = [span('one', 100), span('two', 210)];
  calls.begin(one);
  take(calls, 'c s 1 150 tcp 192.0.2.1 80');
  end(calls, one, 200);
  calls.begin(two);
  take(calls, 'c s 2 220 tcp 192.0.2.1 82', 'c s 3 199 tcp 192.0.2.1 81', 'd s 1 205 900 800');
  assert.deepEqual(seenIn(calls), {
    one: [
      [80, 'run', 900],
      [81, 'run', null],
    ],
  });
  take(calls, 'd s 2 230 70 60');
  end(calls, two, 300);
  assert.deepEqual(seenIn(calls), { two: [[82, 'run', 70]] });
});

test('what begins before the first run is its own, while the code was loaded', () => {
  const calls = new SandboxCalls();
  take(calls, 'c s 1 50 tcp 192.0.2.1 5432', 'r s 60 tcp 10.0.0.1 80');
  const one = span('one', 100);
  calls.begin(one);
  end(calls, one, 200);
  assert.deepEqual(seenIn(calls), {
    one: [
      [5432, 'init', null],
      [80, 'init', null],
    ],
  });
});

test('what a run has left behind is its own, and said to be so', () => {
  const calls = new SandboxCalls();
  const one = span('one', 100);
  calls.begin(one);
  end(calls, one, 200);
  take(calls, 'c s 1 250 tcp 192.0.2.1 80');
  assert.deepEqual(seenIn(calls), { one: [[80, 'after', null]] });
});

test('of runs side by side each has the call, one counts it', () => {
  const calls = new SandboxCalls();
  const [one, two] = [span('one', 100), span('two', 110)];
  calls.begin(one);
  calls.begin(two);
  take(calls, 'c s 1 150 tcp 192.0.2.1 80', 'd s 1 160 500 500');
  end(calls, one, 200);
  end(calls, two, 210);
  const seen = calls.settle();
  assert.deepEqual(
    seen.map(({ span: { runId }, calls: [call], repeated }) => [runId, call?.shared, repeated.size]),
    [
      ['one', true, 0],
      ['two', true, 1],
    ],
  );
});

test('over a connection that stays open each run has its own bytes, and none for its upkeep', () => {
  const calls = new SandboxCalls();
  for (const [at, sent] of [1000, 3000, 3100, 9000].entries()) {
    const run = span(`run ${at}`, at * 100);
    calls.begin(run);
    if (at === 0) take(calls, 'c s 1 50 tcp 192.0.2.1 443');
    end(calls, run, at * 100 + 80);
    take(calls, `o s 1 ${at * 100 + 90} ${sent} 0`);
    const own = [
      [[443, 'run', 1000]],
      [[443, 'run', 2000, 'reused']],
      undefined,
      [[443, 'run', 6000, 'reused']],
    ];
    assert.deepEqual(seenIn(calls)[`run ${at}`], own[at]);
  }
});

test('several runs between two looks share what went over an open connection', () => {
  const calls = new SandboxCalls();
  const [one, two, three] = [span('one', 100), span('two', 200), span('three', 300)];
  calls.begin(one);
  take(calls, 'c s 1 150 tcp 192.0.2.1 443', 'o s 1 160 100 0');
  end(calls, one, 199);
  calls.settle();
  for (const run of [two, three]) {
    calls.begin(run);
    end(calls, run, run.startedAtMs + 50);
  }
  take(calls, 'o s 1 400 1100 0');
  assert.deepEqual(seenIn(calls), { three: [[443, 'run', 1000, 'reused', 'shared']] });
});

test('what was left out is said of the runs that are written next', () => {
  const calls = new SandboxCalls();
  const one = span('one', 100);
  calls.begin(one);
  take(calls, 'r s 150 tcp 10.0.0.1 80', 'x s');
  end(calls, one, 200);
  assert.deepEqual(
    calls.settle().map(({ isIncomplete }) => isIncomplete),
    [true],
  );
  assert.deepEqual(calls.settle(), []);
});

test('questions for names are no calls', () => {
  const calls = new SandboxCalls();
  const one = span('one', 100);
  calls.begin(one);
  take(calls, 'c s 1 150 udp 192.0.2.53 53');
  end(calls, one, 200);
  assert.deepEqual(calls.settle(), []);
});
