// What a .NET process starts with. Pure. Called by what starts one: supervisor/jail-engine.ts in a jail,
// bare-driver.ts without.

const MEBIBYTE = 1024 * 1024;

/**
 * Heap at four fifths of the memory: the garbage collector then works harder before the kernel has to kill,
 * and the rest is left to code and stacks. Nothing can be attached, and nothing listens for that in /tmp.
 * Code pages are not mapped twice, which costs a fifth of the start and guards against nothing that the jail
 * lets in.
 */
export function dotnetEnvironment(facts: {
  memoryMb: number;
  hasIcu: boolean;
  /** What serves Lambda's Runtime API to a function that is a program: a Node, and its entry. */
  provided: { node: string; entry: string };
}): Record<string, string> {
  const heapBytes = Math.max(16 * MEBIBYTE, Math.floor(facts.memoryMb * 0.8) * MEBIBYTE);
  return {
    DOTNET_GCHeapHardLimit: heapBytes.toString(16),
    DOTNET_EnableDiagnostics: '0',
    // Programs are made for the version that their code names, which may be older.
    DOTNET_ROLL_FORWARD: 'Major',
    DOTNET_EnableWriteXorExecute: '0',
    MILLRACE_PROVIDED: `${facts.provided.node}:${facts.provided.entry}`,
    // Read once, when the process starts; afterwards it has the function's own.
    ...{ LANG: 'en_US.UTF-8', TZ: ':UTC' },
    ...(facts.hasIcu ? {} : { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' }),
  };
}
