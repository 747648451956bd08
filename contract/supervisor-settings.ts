// What the supervisor knows of this installation: the launcher has read the operator's settings, and hands
// over these, no others. None of them is a secret. Made by launcher/settings-of-supervisor.ts, read by
// supervisor/main.ts as the first line of its input.
import type { MachineEngines } from './machine-engines.ts';
import type { WithoutRoot } from './without-root.ts';

/** Account, or `*` for every one -> networks as egress-network.ts writes them. */
export type NetworksOfAccounts = Readonly<Record<string, readonly string[]>>;

export type SupervisorSettings = MachineEngines & {
  /** Canonical; `installation` is its name. */
  dataDir: string;
  enginesDir: string;
  installation: string;
  /**
   * Folder for sockets and mount points; made by the supervisor. Its parent is shared by all installations.
   */
  runDir: string;
  /** The user that the server runs as: it alone may connect. */
  serverUid: number;
  sandbox: 'bubblewrap' | 'oci';
  ociRuntime: string;
  /** First address of the /16 that sandboxes get their links from. */
  sandboxNetwork: string;
  egressAllow: string[];
  egressAllowAccounts: NetworksOfAccounts;
  egressDenyAccounts: NetworksOfAccounts;
  egressUdp: string[];
  egressSource: string | null;
  dnsServers: string[];
  /** PEM file that functions trust besides the usual roots. */
  extraCaCerts: string | null;
  npmRegistry: string;
  /** Where Python's packages come from. */
  pypiIndex: string;
  publicUrl: string;
  /** Where the server listens. */
  host: string;
  port: number;
  /** Where the database is reached, to close it to functions; null: the embedded one, on a socket. */
  database: DatabaseHost | null;
  /** null: root has started it. */
  withoutRoot: WithoutRoot | null;
  logLevel: string;
  /** null: lines for people on a terminal, JSON elsewhere. */
  logFormat: 'json' | 'text' | null;
};

export type DatabaseHost = {
  /** A name or an address; null: a socket in a folder. */
  hostname: string | null;
  port: number;
};
