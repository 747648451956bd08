// Jails by bubblewrap, built by the supervisor. Speaks contract/supervisor-requests.ts with it, holds each
// jail's three sockets, and reads its memory peak straight from the kernel. Composed by the roles that run
// functions; needs no privilege.
//
//   away -> connecting -> connected -> away ...   (away: starts fail with `unavailable`; every sandbox ends)
import { randomBytes } from 'node:crypto';
import net, { type Socket } from 'node:net';
import path from 'node:path';
import type { Logger } from 'pino';
import { CounterReader } from '../../../contract/counter-reader.ts';
import { canWaitBlank, languageOf } from '../../../contract/engine-name.ts';
import { ALL_ROOTS_FILE, EXTRA_CA_FILE, RUNTIME_ROOT, TASK_ROOT } from '../../../contract/paths.ts';
import { type ChannelName, type Hello, SUPERVISOR_SOCKET } from '../../../contract/supervisor-requests.ts';
import type { Clock } from '../clock/clock.ts';
import { fail } from '../errors/failure.ts';
import type { BlankLimits } from './blank-demand.ts';
import { BlankStock, discard } from './blank-stock.ts';
import type { SandboxDriver, SandboxPlace, SandboxProcess, SandboxSpec } from './sandbox-driver.ts';
import { type StartedSandbox, SupervisorLink } from './supervisor-link.ts';

export type SupervisedDriverParams = {
  /** Who builds the jails. */
  name: 'bubblewrap' | 'oci';
  /** Where the supervisor's socket is. */
  runDir: string;
  /** Whether MILLRACE_EXTRA_CA_CERTS is set: jails then have the file. */
  hasExtraCaCerts: boolean;
  /** Sandboxes kept ready for functions seen for the first time. */
  blanks: BlankLimits;
  clock: Clock;
  log: Logger;
};

/**
 * @returns at once; the connection is made, and made again, in the background. `ready` settles at the first.
 */
export function openSupervisedDriver(
  params: SupervisedDriverParams,
): SandboxDriver & { ready: Promise<void> } {
  const socketPath = path.join(params.runDir, SUPERVISOR_SOCKET);
  const link = new SupervisorLink(socketPath, params.log);
  const roots = params.hasExtraCaCerts
    ? { extraCaCertsFile: EXTRA_CA_FILE, allRootsFile: ALL_ROOTS_FILE }
    : { extraCaCertsFile: null, allRootsFile: null };
  const placeOf = (runtime: string): SandboxPlace => {
    return { taskRoot: TASK_ROOT, runtimeDir: `${RUNTIME_ROOT}/runtimes/${runtime}`, ...roots };
  };
  const parts: DriverParts = { link, socketPath, placeOf, log: params.log };
  const stock = new BlankStock({
    limits: params.blanks,
    prepare: (kind) => {
      const id = randomBytes(6).toString('hex');
      return openSandbox(parts, { id, runtime: languageOf(kind.engine) }, () =>
        link.prepare({ id, ...kind }),
      );
    },
    clock: params.clock,
    log: params.log,
  });
  return {
    name: params.name,
    ready: link.ready,
    start: async (spec) =>
      (await assignBlank(parts, stock, spec)) ??
      startSandbox(parts, { id: spec.id, runtime: languageOf(spec.engine) }, () => link.start(spec)),
    build: (spec) => startSandbox(parts, { id: spec.id, runtime: 'builder' }, () => link.build(spec)),
    blanks: () => stock.size,
    close: async () => {
      await stock.close();
      await link.close();
    },
  };
}

/**
 * How long a start waits for a supervisor that is being started again: two seconds as a rule, six were seen
 * on a busy machine. ms
 */
const RECONNECT_WITHIN_MS = 15_000;

type DriverParts = {
  link: SupervisorLink;
  socketPath: string;
  placeOf(runtime: string): SandboxPlace;
  log: Logger;
};

/** `runtime`: the folder of runtimes/ that is started. */
type Opening = { id: string; runtime: string };

/** @returns a blank sandbox that has the function's code now, or null when there is none to be had */
async function assignBlank(
  parts: DriverParts,
  stock: BlankStock,
  spec: SandboxSpec,
): Promise<SandboxProcess | null> {
  const blank = canWaitBlank(spec.engine) ? stock.take(spec) : null;
  if (blank === null) return null;
  const { accountId, bundleHash, layerHash, egressDeny } = spec;
  try {
    await parts.link.assign({ id: blank.id, accountId, bundleHash, layerHash, egressDeny });
    blank.isFromStock = true;
    return blank;
  } catch (error) {
    parts.log.warn({ err: error, sandbox: blank.id }, 'a blank sandbox could not be used');
    discard(blank);
    return null;
  }
}

async function startSandbox(
  parts: DriverParts,
  opening: Opening,
  begin: () => Promise<StartedSandbox>,
): Promise<SandboxProcess> {
  try {
    await parts.link.connected(RECONNECT_WITHIN_MS);
    return await openSandbox(parts, opening, begin);
  } catch (error) {
    parts.log.error({ err: error, sandbox: opening.id }, 'no jail could be built');
    return fail('unavailable', { message: 'no sandbox can be built at the moment', cause: error });
  }
}

/** Opens a jail's channels and has it built. @throws Error when it can't be; nothing stays open */
async function openSandbox(
  parts: DriverParts,
  { id, runtime }: Opening,
  begin: () => Promise<StartedSandbox>,
): Promise<SandboxProcess> {
  const { link, socketPath } = parts;
  const opened: Socket[] = [];
  try {
    const open = async (channel: ChannelName): Promise<Socket> => {
      const socket = await openChannel(socketPath, { sandbox: id, channel });
      opened.push(socket);
      return socket;
    };
    const [control, stdout, stderr] = await Promise.all([open('control'), open('stdout'), open('stderr')]);
    const { memoryPeakFile, cpuUsageFile, exited } = await begin();
    const peak = new CounterReader(memoryPeakFile);
    const cpu = new CounterReader(cpuUsageFile);
    return {
      ...{ id, place: parts.placeOf(runtime), control, stdout, stderr },
      exited: exited.then((exit) => {
        cpu.close(exit.cpuUsageMs);
        return { ...exit, memoryPeakBytes: peak.close(exit.memoryPeakBytes) };
      }),
      isFromStock: false,
      memoryPeakBytes: () => peak.read(),
      cpuUsageMs: () => cpu.read(),
      kill: () => link.kill(id),
    };
  } catch (error) {
    for (const socket of opened) socket.destroy();
    throw error;
  }
}

function openChannel(socketPath: string, greeting: Hello): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketPath);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      // A sandbox that dies closes its ends at any moment; `exited` says so.
      socket.on('error', () => socket.destroy());
      socket.write(`${JSON.stringify(greeting)}\n`);
      resolve(socket);
    });
  });
}
