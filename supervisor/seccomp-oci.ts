// Makes the filter of system calls in the form that OCI runtimes take (config.json `linux.seccomp`) out of
// the same table from which seccomp-program.ts makes the kernel's own. Pure. Called by oci-config.ts.
//
// The form knows one comparison per argument and rule, and rules of one call are alternatives: what must not
// be one of some values is said as the bit patterns of all others.
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

/** Met when `argument & value` is `valueTwo`. */
export type OciArgument = { index: number; value: number; valueTwo: number; op: 'SCMP_CMP_MASKED_EQ' };
export type OciRule = {
  names: string[];
  action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO';
  errnoRet?: number;
  args?: OciArgument[];
};
export type OciSeccomp = {
  defaultAction: 'SCMP_ACT_ERRNO';
  /**
   * What a condition doesn't allow is refused. Numbers above all that it knows a runtime answers with ENOSYS
   * by itself.
   */
  defaultErrnoRet: number;
  architectures: string[];
  syscalls: OciRule[];
};

const [EPERM, ENOSYS] = [1, 38];
/** No second one beside it: a 32-bit or x32 entry then ends the process. */
const ARCHITECTURE: Record<Architecture, string> = { x64: 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' };
/** The half of an argument that the kernel reads. */
const LOW_HALF = 0xffffffff;
const HIGHEST_BIT = 31;

export function ociSeccomp(architecture: Architecture): OciSeccomp {
  const named = (calls: readonly SystemCall[]): string[] =>
    calls.filter((call) => call[architecture] !== null).map(({ name }) => name);
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: EPERM,
    architectures: [ARCHITECTURE[architecture]],
    syscalls: [
      { names: named(allowedCalls), action: 'SCMP_ACT_ALLOW' },
      { names: named(refusedCalls), action: 'SCMP_ACT_ERRNO', errnoRet: EPERM },
      { names: named(absentCalls), action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
      ...named(conditionalCalls).flatMap((name) =>
        (conditions[name] ?? [])
          .flatMap(argumentSets)
          .map((args): OciRule => ({ names: [name], action: 'SCMP_ACT_ALLOW', args })),
      ),
    ],
  };
}

/** Every way to meet a condition, one comparison per check. */
function argumentSets(condition: Condition): OciArgument[][] {
  return condition.reduce<OciArgument[][]>(
    (sets, check) => sets.flatMap((set) => patterns(check).map((pattern) => [...set, pattern])),
    [[]],
  );
}

function patterns(check: Check): OciArgument[] {
  const mask = check.mask ?? LOW_HALF;
  const compare = (value: number, valueTwo: number): OciArgument => ({
    ...{ index: check.argument, value, valueTwo },
    op: 'SCMP_CMP_MASKED_EQ',
  });
  if ('in' in check) return check.in.map((value) => compare(mask, value));
  return othersThan(check.notIn, { value: 0, bit: HIGHEST_BIT }).map((other) =>
    compare(other.mask, other.value),
  );
}

/**
 * Splits all 32-bit numbers that begin with the prefix (the bits above `bit`) until no part holds one of
 * `values`.
 */
function othersThan(
  values: readonly number[],
  prefix: { value: number; bit: number },
): { mask: number; value: number }[] {
  const size = 2 ** (prefix.bit + 1);
  const inside = values.filter((value) => value >= prefix.value && value < prefix.value + size);
  if (inside.length === 0) return [{ mask: LOW_HALF + 1 - size, value: prefix.value }];
  if (size === 1) return [];
  const bit = prefix.bit - 1;
  return [prefix.value, prefix.value + size / 2].flatMap((value) => othersThan(inside, { value, bit }));
}
