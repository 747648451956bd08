// Network namespaces for sandboxes, some of them built ahead: building one takes about 50 ms, taking one
// takes none. A namespace serves one sandbox and is destroyed after it, because sockets and tracked
// connections could outlive a sandbox. Called by jail.ts.
//
//   building -> ready -> taken -> destroyed
import path from 'node:path';
import type { Logger } from 'pino';
import type { NetworkNames } from './host-network.ts';
import { FIRST_SLOT, LAST_SLOT, type NetworkRange, type Slot, slotAt } from './network-range.ts';
import { runCommand } from './run-command.ts';

/** A namespace with its link up and the egress rules in force. */
export type SandboxNetwork = {
  namespaceFile: string;
  /** User id outside that goes with the slot; no other live sandbox has it. */
  uid: number;
  /** Puts other rules in the place of the usual ones; before anybody's code is inside. */
  replaceRules(rules: string): Promise<void>;
  destroy(): Promise<void>;
};

export type Networks = {
  /** @throws Error when no address is left or the namespace can't be built */
  take(): Promise<SandboxNetwork>;
  /** Destroys those that wait; taken ones are their takers' to destroy. */
  close(): Promise<void>;
};

export type NetworksParams = {
  names: NetworkNames;
  range: NetworkRange;
  /** nftables text, see egress-rules.ts `sandboxRules`. */
  rules: string;
  /** The user of all sandboxes; null: each has one of its own. */
  uid: number | null;
  /** How many to keep ready. */
  stock: number;
  log: Logger;
};

export function openNetworks(params: NetworksParams): Networks {
  const ready: SandboxNetwork[] = [];
  const freeSlots = new FreeSlots();
  let refilling: Promise<void> | null = null;
  let closed = false;

  const buildOne = async (): Promise<SandboxNetwork> => {
    const number = freeSlots.take();
    try {
      return await build(params, number, () => freeSlots.giveBack(number));
    } catch (error) {
      freeSlots.giveBack(number);
      throw error;
    }
  };
  const fill = async (): Promise<void> => {
    while (!closed && ready.length < params.stock) ready.push(await buildOne());
  };
  const refill = (): void => {
    refilling ??= fill()
      .catch((error: unknown) => params.log.error({ err: error }, 'no network can be built ahead'))
      .finally(() => {
        refilling = null;
      });
  };
  refill();
  return {
    take: async () => {
      const network = ready.shift() ?? (await buildOne());
      refill();
      return network;
    },
    close: async () => {
      closed = true;
      await refilling;
      await Promise.all(ready.splice(0).map((network) => network.destroy()));
    },
  };
}

async function build(params: NetworksParams, number: number, onGone: () => void): Promise<SandboxNetwork> {
  const slot: Slot = slotAt(params.range, number);
  const namespace = `${params.names.namespacePrefix}${number}`;
  const link = `${params.names.linkPrefix}${number}`;
  const remove = (): Promise<string> =>
    runCommand('ip', ['-force', '-batch', '-'], `link del ${link}\nnetns del ${namespace}\n`);
  const script = path.join(import.meta.dirname, 'prepare-network.sh');
  try {
    await runCommand('sh', [script, namespace, link, slot.hostAddress, slot.sandboxAddress], params.rules);
  } catch (error) {
    await remove().catch((cause: unknown) => params.log.warn({ err: cause, namespace }, 'leftover network'));
    throw error;
  }
  return {
    namespaceFile: `/run/netns/${namespace}`,
    uid: params.uid ?? slot.uid,
    replaceRules: async (rules) => {
      const enter = [`--net=/run/netns/${namespace}`, 'nft', '-f', '-'];
      // One transaction for the kernel: at no moment there are none.
      await runCommand('nsenter', enter, `flush ruleset\n${rules}`);
    },
    destroy: async () => {
      await remove();
      onGone();
    },
  };
}

/** Numbers of slots that no namespace has; the longest unused comes first. */
class FreeSlots {
  private readonly numbers = Array.from(
    { length: LAST_SLOT - FIRST_SLOT + 1 },
    (_, index) => FIRST_SLOT + index,
  );

  take(): number {
    const number = this.numbers.shift();
    if (number === undefined)
      throw new Error(`${LAST_SLOT} sandboxes have a network already; no address is left`);
    return number;
  }

  giveBack(number: number): void {
    this.numbers.push(number);
  }
}
