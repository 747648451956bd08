// Where attacks happen: a started Millrace, an attacker, a neighbour with a secret, and ways to look at both
// from the host. Used by the tests in this folder; close it in an `after` hook.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Customer } from '../promises/customer.ts';
import { asOrdinaryUser, type OwnCgroups, ordinaryUser, ownCgroups } from '../promises/ordinary-user.ts';
import { type Millrace, type StartOptions, startMillrace } from '../promises/start-millrace.ts';
import { Attacker, buildAttacker } from './attacker.ts';

export type Scene = {
  millrace: Millrace;
  customer: Customer;
  attacker: Attacker;
  /** Another function of the same account, with the same abilities; its variable SECRET holds `secret`. */
  neighbour: Attacker;
  secret: string;
  /** The attacker's code and program, for attacks outside the jail. */
  folder: string;
  zip: Buffer;
  close(): Promise<void>;
};

/** A text that exists nowhere else. */
export function makeCanary(what: string): string {
  return `canary-${what}-${randomBytes(8).toString('hex')}`;
}

/**
 * Started by root; or, with MILLRACE_TEST_WITHOUT_ROOT, by an ordinary user who has `cgroups`, or by one
 * whose jails are `watched`.
 * @param env settings of the platform besides the usual ones
 */
export async function openScene(env: Record<string, string> = {}): Promise<Scene> {
  const { cgroups, ...user } = await userOfScene(process.env.MILLRACE_TEST_WITHOUT_ROOT);
  const settings = { MILLRACE_LOG_LEVEL: 'warn', ...user.env, ...env };
  const millrace = await startMillrace({ ...user, env: settings });
  const built = buildAttacker();
  const customer = new Customer(millrace);
  const secret = makeCanary('secret');
  const fields = { name: 'a neighbour', variables: { SECRET: secret } };
  return {
    millrace,
    customer,
    secret,
    ...{ folder: built.folder, zip: built.zip },
    attacker: await Attacker.upload(customer, built.zip),
    neighbour: await Attacker.upload(customer, built.zip, fields),
    close: async () => {
      await millrace.close();
      built.remove();
      cgroups?.remove();
    },
  };
}

async function userOfScene(mode: string | undefined): Promise<StartOptions & { cgroups?: OwnCgroups }> {
  if (mode === undefined) return {};
  if (mode === 'watched') return asOrdinaryUser({ tun: 'open' });
  const cgroups = ownCgroups(ordinaryUser());
  return { ...(await asOrdinaryUser({ tun: 'open', cgroups })), cgroups };
}

/** A client for the other mode of the same account. */
export async function inTestMode(customer: Customer): Promise<Customer> {
  const { token } = await customer.json<{ token: string }>('/api/v1/auths/secret?test=true', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ permissions: [{ resource: '*', methods: ['*'], allow: true }] }),
  });
  return new Customer(customer.millrace, token);
}

/** Process ids, as the host counts, of processes that have this word among their arguments. */
export function pidsOnHost(word: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  return pids.filter((pid) => procText(pid, 'cmdline').split('\0').includes(word)).map(Number);
}

/** A file below /proc/<pid>; empty when the process has gone. */
export function procText(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch (error) {
    if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return '';
  }
}
