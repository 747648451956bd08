// A network namespace that plays the internet for one test: a veth pair, a /28 of 198.51.100.0/24
// (TEST-NET-2, RFC 5737) and nothing else. Knows no servers. Called by open-test-internet.ts; needs root.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export type TestNetwork = {
  namespace: string;
  /** The machine's own address on the link, as the internet sees it. */
  machineAddress: string;
  /** Hands out the next free address of the internet. */
  nextAddress(): string;
  /** Removes the link, then the namespace. Every process in it must be gone. Idempotent. */
  remove(): void;
};

/** Addresses of 198.51.100.0/24 in one slot; so many test files can have an internet at once. */
const SLOT_SIZE = 16;
const SLOTS = 256 / SLOT_SIZE;

let opened = 0;

/** @throws Error when all slots are taken, or a command fails: its own words are in the message */
export function makeNetwork(): TestNetwork {
  removeOrphans();
  opened += 1;
  const namespace = `mrt-${process.pid}-${opened}`;
  ip('netns', 'add', namespace);
  try {
    const slot = claimSlot(namespace);
    configure(namespace, slot);
    return networkOf(namespace, slot);
  } catch (error) {
    ip('netns', 'del', namespace);
    throw error;
  }
}

function networkOf(namespace: string, slot: number): TestNetwork {
  let used = 1;
  let isRemoved = false;
  return {
    namespace,
    machineAddress: address(slot, 1),
    nextAddress() {
      used += 1;
      if (used >= SLOT_SIZE - 1) throw new Error(`a test internet has room for ${SLOT_SIZE - 3} addresses`);
      ip('-n', namespace, 'address', 'add', `${address(slot, used)}/28`, 'dev', 'uplink');
      return address(slot, used);
    },
    remove() {
      if (isRemoved) return;
      isRemoved = true;
      ip('link', 'del', linkName(slot));
      ip('netns', 'del', namespace);
    },
  };
}

/**
 * The kernel is the lock: of two tests that make a link of the same name, one is refused and takes the next
 * slot.
 */
function claimSlot(namespace: string): number {
  for (let slot = 0; slot < SLOTS; slot += 1) {
    try {
      ip('link', 'add', linkName(slot), 'type', 'veth', 'peer', 'name', 'uplink', 'netns', namespace);
      return slot;
    } catch (error) {
      if (!existsSync(`/sys/class/net/${linkName(slot)}`)) throw error;
    }
  }
  throw new Error(`all ${SLOTS} test internets of this machine are in use`);
}

function configure(namespace: string, slot: number): void {
  ip('address', 'add', `${address(slot, 1)}/28`, 'dev', linkName(slot));
  ip('link', 'set', linkName(slot), 'up');
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
  ip('-n', namespace, 'link', 'set', 'uplink', 'up');
  ip('-n', namespace, 'address', 'add', `${address(slot, SLOT_SIZE - 2)}/28`, 'dev', 'uplink');
  ip('-n', namespace, 'route', 'add', 'default', 'via', address(slot, 1));
}

/** Removes what tests that were killed have left: namespaces bear the process id of their maker. */
function removeOrphans(): void {
  for (const line of ip('netns', 'list').split('\n')) {
    const [, namespace, pid] = /^(mrt-(\d+)-\d+)\b/.exec(line) ?? [];
    if (namespace === undefined || existsSync(`/proc/${pid}`)) continue;
    for (const left of ip('netns', 'pids', namespace).split('\n').filter(Boolean)) kill(Number(left));
    ip('netns', 'del', namespace);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Gone meanwhile is what we want.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function linkName(slot: number): string {
  return `mrt-link${slot}`;
}

function address(slot: number, index: number): string {
  return `198.51.100.${slot * SLOT_SIZE + index}`;
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
