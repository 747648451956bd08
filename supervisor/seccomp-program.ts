// Makes the kernel's seccomp filter, a program in classic BPF, out of the table of system calls. Pure. Called
// by supervise, which keeps the bytes in a file that every jail's bubblewrap reads. Instructions: struct
// sock_filter of linux/filter.h.
//
//   architecture -> x32 numbers -> binary search for the call's number -> its verdict, or its conditions
import {
  type Architecture,
  absentCalls,
  allowedCalls,
  type Check,
  type Condition,
  conditionalCalls,
  conditions,
  refusedCalls,
  type SystemCall,
} from './seccomp-table.ts';

/** One instruction; `jumpTrue` and `jumpFalse` count instructions to skip, 255 at most. */
export type Instruction = { code: number; jumpTrue: number; jumpFalse: number; value: number };

/** The kernel takes no longer program (BPF_MAXINSNS). */
const MOST_INSTRUCTIONS = 4096;
const LONGEST_JUMP = 255;

const [LOAD, JUMP, JUMP_EQUAL, JUMP_NOT_BELOW, AND, RETURN] = [0x20, 0x05, 0x15, 0x35, 0x54, 0x06];
/**
 * Offsets in struct seccomp_data; both architectures are little endian, so an argument's low half comes
 * first.
 */
const [NUMBER_OFFSET, ARCHITECTURE_OFFSET, ARGUMENTS_OFFSET] = [0, 4, 16];

export const ALLOW = 0x7fff0000;
export const KILL_PROCESS = 0x80000000;
const ERRNO = 0x00050000;
export const REFUSE = ERRNO | 1; // EPERM
export const ABSENT = ERRNO | 38; // ENOSYS

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64; a 32-bit entry bears another. */
export const AUDIT_ARCHITECTURE: Record<Architecture, number> = { x64: 0xc000003e, arm64: 0xc00000b7 };
/**
 * Set in the numbers of x32, which x86_64 takes through the same entry. No architecture has calls above it.
 */
export const X32_BIT = 0x40000000;

/**
 * @param unknown names of calls that are answered as if the kernel had none of them, although the table
 * allows them
 * @returns the program as bubblewrap's `--seccomp` reads it
 */
export function seccompProgram(architecture: Architecture, unknown: readonly string[] = []): Buffer {
  const instructions = compile(architecture, unknown);
  const bytes = Buffer.alloc(instructions.length * 8);
  instructions.forEach(({ code, jumpTrue, jumpFalse, value }, index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(jumpTrue, index * 8 + 2);
    bytes.writeUInt8(jumpFalse, index * 8 + 3);
    bytes.writeUInt32LE(value, index * 8 + 4);
  });
  return bytes;
}

/** @throws Error when it is longer than the kernel allows, or the table says two things of one number */
export function compile(architecture: Architecture, unknown: readonly string[] = []): Instruction[] {
  const instructions = [
    load(ARCHITECTURE_OFFSET),
    jump(JUMP_EQUAL, AUDIT_ARCHITECTURE[architecture], { skipIfTrue: 1 }),
    answer(KILL_PROCESS),
    load(NUMBER_OFFSET),
    jump(JUMP_NOT_BELOW, X32_BIT, { skipIfFalse: 1 }),
    answer(KILL_PROCESS),
    ...search(verdictRanges(architecture, unknown)),
  ];
  if (instructions.length > MOST_INSTRUCTIONS) throw new Error(`${instructions.length} instructions`);
  return instructions;
}

/** All numbers from `from` up to the next range's lead to `block`. */
type Range = { from: number; block: Instruction[] };

function verdictRanges(architecture: Architecture, unknown: readonly string[]): Range[] {
  const blocks = new Map<number, Instruction[]>();
  const set = (calls: readonly SystemCall[], blockOf: (call: SystemCall) => Instruction[]): void => {
    for (const call of calls) {
      const number = call[architecture];
      if (number === null) continue;
      if (blocks.has(number)) throw new Error(`system call ${number} (${call.name}) is in the table twice`);
      blocks.set(number, blockOf(call));
    }
  };
  const [allow, refuse, absent] = [[answer(ALLOW)], [answer(REFUSE)], [answer(ABSENT)]];
  set(allowedCalls, ({ name }) => (unknown.includes(name) ? absent : allow));
  set(refusedCalls, () => refuse);
  set(absentCalls, () => absent);
  set(conditionalCalls, ({ name }) => conditionBlock(conditions[name] ?? []));
  const last = Math.max(...blocks.keys());
  const ranges: Range[] = [];
  for (let number = 0; number <= last + 1; number += 1) {
    const block = blocks.get(number) ?? absent;
    if (ranges.at(-1)?.block !== block) ranges.push({ from: number, block });
  }
  return ranges;
}

/** Compares with the middle and goes on in one half: some ten steps for any call. */
function search(ranges: readonly Range[]): Instruction[] {
  const [first] = ranges;
  if (first === undefined) return [];
  if (ranges.length === 1) return first.block;
  const middle = Math.ceil(ranges.length / 2);
  const below = search(ranges.slice(0, middle));
  const above = search(ranges.slice(middle));
  const boundary = ranges[middle]?.from ?? 0;
  if (below.length <= LONGEST_JUMP) {
    return [jump(JUMP_NOT_BELOW, boundary, { skipIfTrue: below.length }), ...below, ...above];
  }
  const far = { code: JUMP, jumpTrue: 0, jumpFalse: 0, value: below.length };
  return [jump(JUMP_NOT_BELOW, boundary, { skipIfFalse: 1 }), far, ...below, ...above];
}

function conditionBlock(alternatives: readonly Condition[]): Instruction[] {
  return [...alternatives.flatMap(alternativeBlock), answer(REFUSE)];
}

/** Falls through to what follows when a check isn't met. */
function alternativeBlock(condition: Condition): Instruction[] {
  return condition.reduceRight<Instruction[]>((inner, check) => checkBlock(check, inner), [answer(ALLOW)]);
}

/** Runs `inner` when the check is met, skips it when not. */
function checkBlock(check: Check, inner: Instruction[]): Instruction[] {
  const loaded = [load(ARGUMENTS_OFFSET + check.argument * 8)];
  if (check.mask !== undefined) loaded.push({ code: AND, jumpTrue: 0, jumpFalse: 0, value: check.mask });
  if ('notIn' in check) {
    const tests = check.notIn.map((value, index) =>
      jump(JUMP_EQUAL, value, { skipIfTrue: check.notIn.length - 1 - index + inner.length }),
    );
    return [...loaded, ...tests, ...inner];
  }
  const last = check.in.length - 1;
  const tests = check.in.map((value, index) =>
    jump(JUMP_EQUAL, value, { skipIfTrue: last - index, skipIfFalse: index === last ? inner.length : 0 }),
  );
  return [...loaded, ...tests, ...inner];
}

function load(offset: number): Instruction {
  return { code: LOAD, jumpTrue: 0, jumpFalse: 0, value: offset };
}

function answer(verdict: number): Instruction {
  return { code: RETURN, jumpTrue: 0, jumpFalse: 0, value: verdict };
}

function jump(code: number, value: number, to: { skipIfTrue?: number; skipIfFalse?: number }): Instruction {
  return { code, jumpTrue: to.skipIfTrue ?? 0, jumpFalse: to.skipIfFalse ?? 0, value };
}
