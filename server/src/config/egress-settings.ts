// The operator's settings of what functions reach, account by account, and over which UDP ports. Pure; part
// of config.ts, which reports all problems at once.
import { egressNetworkText, parseEgressNetwork } from '../../../contract/egress-network.ts';
import type { SettingReader } from './setting-reader.ts';

/** Account -> networks, each as {@link egressNetworkText} writes it. `*` is every account. */
export type AccountNetworks = ReadonlyMap<string, readonly string[]>;

export type EgressSettings = {
  /** Private networks that single accounts may reach. MILLRACE_EGRESS_ALLOW_ACCOUNTS */
  egressAllowAccounts: AccountNetworks;
  /** Networks that accounts must not reach. MILLRACE_EGRESS_DENY_ACCOUNTS */
  egressDenyAccounts: AccountNetworks;
  /** Ports, `n` or `n-m`, of public addresses that datagrams may go to. MILLRACE_EGRESS_UDP */
  egressUdp: string[];
};

export const EGRESS_SETTING_NAMES = [
  'MILLRACE_EGRESS_ALLOW_ACCOUNTS',
  'MILLRACE_EGRESS_DENY_ACCOUNTS',
  'MILLRACE_EGRESS_UDP',
] as const;

type Read = Pick<SettingReader, 'list'>;

const ACCOUNT = /^[0-9A-Za-z]{1,32}$/;
const PORTS = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/;

export function parseEgressSettings({ list }: Read, problems: string[]): EgressSettings {
  const accounts = (name: (typeof EGRESS_SETTING_NAMES)[number], may: { everyAccount: boolean }) =>
    parseAccountNetworks(name, list(name), may, problems);
  return {
    // Who wants to open a network to all has MILLRACE_EGRESS_ALLOW, which the machine's own rules know, too.
    egressAllowAccounts: accounts('MILLRACE_EGRESS_ALLOW_ACCOUNTS', { everyAccount: false }),
    egressDenyAccounts: accounts('MILLRACE_EGRESS_DENY_ACCOUNTS', { everyAccount: true }),
    egressUdp: list('MILLRACE_EGRESS_UDP').flatMap((ports) => parsePorts(ports, problems)),
  };
}

function parseAccountNetworks(
  name: string,
  items: readonly string[],
  may: { everyAccount: boolean },
  problems: string[],
): AccountNetworks {
  const found = new Map<string, string[]>();
  for (const item of items) {
    const [account = '', text = '', rest] = item.split('=').map((part) => part.trim());
    const network = parseEgressNetwork(text);
    const isAccount = ACCOUNT.test(account) || (account === '*' && may.everyAccount);
    if (!isAccount || network === null || rest !== undefined) {
      problems.push(
        `${name}: ${JSON.stringify(item)} is not like AB1234=10.1.0.0/16 or AB1234=10.1.2.3:5432`,
      );
    } else found.set(account, [...(found.get(account) ?? []), egressNetworkText(network)]);
  }
  return found;
}

function parsePorts(text: string, problems: string[]): string[] {
  if (text === '*') return ['1-65535'];
  const [, from = '', to = from] = PORTS.exec(text) ?? [];
  if (Number(from) >= 1 && Number(from) <= Number(to) && Number(to) <= 65_535) {
    return [from === to ? String(Number(from)) : `${Number(from)}-${Number(to)}`];
  }
  problems.push(
    `MILLRACE_EGRESS_UDP: ${JSON.stringify(text)} is not a port such as 443, a range such as 4000-4100, or *`,
  );
  return [];
}
