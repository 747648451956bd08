import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ABSENT,
  ALLOW,
  AUDIT_ARCHITECTURE,
  compile,
  KILL_PROCESS,
  REFUSE,
  seccompProgram,
  X32_BIT,
} from './seccomp-program.ts';
import {
  type Architecture,
  absentCalls,
  allowedCalls,
  architectures,
  CALLS_FOR_CGROUPS,
  conditionalCalls,
  conditions,
  refusedCalls,
  type SystemCall,
} from './seccomp-table.ts';

type Call = { number: number; audit?: number; arguments?: number[] };

/** What the kernel would answer: runs the program's bytes on the call's struct seccomp_data. */
function verdict(architecture: Architecture, call: Call): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call.number >>> 0, 0);
  data.writeUInt32LE(call.audit ?? AUDIT_ARCHITECTURE[architecture], 4);
  (call.arguments ?? []).forEach((value, index) => {
    data.writeBigUInt64LE(BigInt(value), 16 + index * 8);
  });
  return interpret(seccompProgram(architecture), data);
}

function interpret(program: Buffer, data: Buffer): number {
  let accumulator = 0;
  for (let at = 0; ; at += 8) {
    const value = program.readUInt32LE(at + 4);
    const [jumpTrue, jumpFalse] = [program.readUInt8(at + 2), program.readUInt8(at + 3)];
    const code = program.readUInt16LE(at);
    if (code === 0x20) accumulator = data.readUInt32LE(value);
    else if (code === 0x54) accumulator = (accumulator & value) >>> 0;
    else if (code === 0x05) at += value * 8;
    else if (code === 0x15) at += (accumulator === value ? jumpTrue : jumpFalse) * 8;
    else if (code === 0x35) at += (accumulator >= value ? jumpTrue : jumpFalse) * 8;
    else if (code === 0x06) return value;
    else assert.fail(`instruction ${code}`);
  }
}

function numberOf(name: string, architecture: Architecture): number {
  const all = [...allowedCalls, ...refusedCalls, ...absentCalls, ...conditionalCalls];
  const number = all.find((call) => call.name === name)?.[architecture];
  assert.ok(typeof number === 'number', name);
  return number;
}

for (const architecture of architectures) {
  const answers = (calls: readonly SystemCall[]): Set<number> =>
    new Set(
      calls.flatMap((call) => {
        const number = call[architecture];
        return number === null ? [] : [verdict(architecture, { number })];
      }),
    );
  const ask = (name: string, ...values: number[]): number =>
    verdict(architecture, { number: numberOf(name, architecture), arguments: values });

  test(`${architecture}: each list of the table gets its own answer, whatever the arguments`, () => {
    assert.deepEqual(answers(allowedCalls), new Set([ALLOW]));
    assert.deepEqual(answers(refusedCalls), new Set([REFUSE]));
    assert.deepEqual(answers(absentCalls), new Set([ABSENT]));
  });

  test(`${architecture}: every number that the table lacks is absent`, () => {
    const known = new Set(
      [allowedCalls, refusedCalls, absentCalls, conditionalCalls].flat().map((call) => call[architecture]),
    );
    for (let number = 0; number < 1024; number += 1) {
      if (!known.has(number)) assert.equal(verdict(architecture, { number }), ABSENT, String(number));
    }
    assert.equal(verdict(architecture, { number: X32_BIT - 1 }), ABSENT);
  });

  test(`${architecture}: another architecture's entry and x32 numbers end the process`, () => {
    assert.equal(verdict(architecture, { number: 1, audit: 0x40000003 }), KILL_PROCESS);
    assert.equal(verdict(architecture, { number: 1, audit: 0x40000028 }), KILL_PROCESS);
    assert.equal(verdict(architecture, { number: X32_BIT | 1 }), KILL_PROCESS);
    assert.equal(verdict(architecture, { number: 0xffffffff }), KILL_PROCESS);
  });

  test(`${architecture}: clone is for threads and processes, not for namespaces`, () => {
    assert.equal(ask('clone', 17), ALLOW);
    assert.equal(ask('clone', 0x3d0f00), ALLOW);
    for (const bit of [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]) {
      assert.equal(ask('clone', bit | 17), REFUSE, bit.toString(16));
    }
  });

  test(`${architecture}: a socket is local, of the internet with its usual protocols, or asks for addresses`, () => {
    const unix = [1, 1, 0];
    const internet = [2, 10].flatMap((family) => [0, 6, 17].map((protocol) => [family, 1, protocol]));
    for (const one of [unix, ...internet, [16, 3, 0]])
      assert.equal(ask('socket', ...one), ALLOW, String(one));
    const strange = [17, 38, 40, 44, 21, 30, 0, 0xffffffff].map((family) => [family, 3, 0]);
    const protocols = [132, 33, 262, 115, 255].map((protocol) => [2, 1, protocol]);
    for (const one of [...strange, ...protocols, [16, 3, 12]])
      assert.equal(ask('socket', ...one), REFUSE, String(one));
    assert.deepEqual([ask('socketpair', 1), ask('socketpair', 30)], [ALLOW, REFUSE]);
  });

  test(`${architecture}: nothing is typed into a terminal, and only the plain personality is had`, () => {
    assert.equal(ask('ioctl', 0, 0x5401), ALLOW);
    assert.deepEqual([ask('ioctl', 0, 0x5412), ask('ioctl', 0, 0x541c)], [REFUSE, REFUSE]);
    // The kernel reads 32 bits of the request; the rest must not hide it.
    assert.equal(ask('ioctl', 0, 0x5412 + 2 ** 32), REFUSE);
    assert.deepEqual([ask('personality', 0), ask('personality', 0xffffffff)], [ALLOW, ALLOW]);
    assert.deepEqual([ask('personality', 8), ask('personality', 0x40000)], [REFUSE, REFUSE]);
  });

  test(`${architecture}: no jump leads out of the program`, () => {
    const program = compile(architecture);
    program.forEach(({ code, jumpTrue, jumpFalse, value }, index) => {
      const skips = code === 0x05 ? value : Math.max(jumpTrue, jumpFalse);
      assert.ok(index + 1 + skips < program.length || code === 0x06, `instruction ${index}`);
      assert.ok(jumpTrue <= 255 && jumpFalse <= 255);
    });
    assert.equal(program.at(-1)?.code, 0x06);
  });
}

test('every conditional call has conditions', () => {
  assert.deepEqual(conditionalCalls.map(({ name }) => name).sort(), Object.keys(conditions).sort());
});

test('calls that only a cgroup can count are unknown where there is none, and nothing else changes', () => {
  for (const architecture of architectures) {
    const program = seccompProgram(architecture, CALLS_FOR_CGROUPS);
    const answerTo = (number: number): number => {
      const data = Buffer.alloc(64);
      data.writeUInt32LE(number, 0);
      data.writeUInt32LE(AUDIT_ARCHITECTURE[architecture], 4);
      return interpret(program, data);
    };
    for (const { name, [architecture]: number } of allowedCalls) {
      if (number === null) continue;
      const isLeft = !CALLS_FOR_CGROUPS.some((one) => one === name);
      assert.equal(answerTo(number), isLeft ? ALLOW : ABSENT, name);
    }
  }
});
