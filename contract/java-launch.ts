// How the process of a Java function is started: what of its memory is heap, and what of the virtual machine
// is off that a sandbox has no use for. Pure. Called by whatever starts runtimes: jails and bare processes.

export type JavaLaunch = {
  memoryMb: number;
  /** The runtime's jar. */
  runtime: string;
  /** JKS file of roots to trust; null: the engine's own. */
  trustStore: string | null;
};

/** What the virtual machine takes beside heap, classes and threads of the function, before any of these. */
const OWN_MB = 24;
const LEAST_HEAP_MB = 16;
/** From here on there is memory for a second compiler, whose code is quicker. */
const BOTH_COMPILERS_FROM_MB = 512;

export function javaArguments({ memoryMb, runtime, trustStore }: JavaLaunch): string[] {
  const heapMb = Math.max(LEAST_HEAP_MB, Math.floor(memoryMb * 0.75) - OWN_MB);
  return [
    ...[`-Xmx${heapMb}m`, '-XX:+UseSerialGC', '-Xshare:auto'],
    ...(memoryMb < BOTH_COMPILERS_FROM_MB ? ['-XX:TieredStopAtLevel=1'] : []),
    // Limits come by flags; its own look at cgroups finds none in a jail and costs the start milliseconds.
    ...['-XX:-UseContainerSupport', '-XX:+DisplayVMOutputToStderr'],
    // Nothing attaches, nothing is dumped, nothing is left in /tmp.
    ...[
      '-XX:+DisableAttachMechanism',
      '-XX:-UsePerfData',
      '-XX:-CreateCoredumpOnCrash',
      '-XX:ErrorFile=/dev/null',
    ],
    ...['-Dfile.encoding=UTF-8', '-Duser.timezone=UTC', '-Djava.awt.headless=true', '-Djava.io.tmpdir=/tmp'],
    ...(trustStore === null ? [] : [`-Djavax.net.ssl.trustStore=${trustStore}`]),
    ...['-jar', runtime],
  ];
}
