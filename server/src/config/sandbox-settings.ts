// The settings of the walls around functions: what builds them, and what is let through. Pure; part of
// config.ts, which reports all problems at once. What single accounts reach is in egress-settings.ts.
import { isIP } from 'node:net';
import path from 'node:path';
import { isCidr, type SettingReader } from './setting-reader.ts';

export type SandboxSettings = {
  sandbox: 'bubblewrap' | 'oci' | 'none';
  /** Command or absolute path of the OCI runtime, where `sandbox` is `oci`. MILLRACE_OCI_RUNTIME */
  ociRuntime: string;
  /** Private networks that functions may reach all the same. MILLRACE_EGRESS_ALLOW */
  egressAllow: string[];
  /**
   * Address of this machine that functions are seen from; null: whichever the route has.
   * MILLRACE_EGRESS_SOURCE
   */
  egressSource: string | null;
  /** Resolvers that functions use; empty: the machine's own. MILLRACE_DNS */
  dnsServers: string[];
  /** PEM file that functions trust besides the usual roots. MILLRACE_EXTRA_CA_CERTS */
  extraCaCerts: string | null;
  /** First address of the /16 that sandboxes get their links from. MILLRACE_SANDBOX_NETWORK */
  sandboxNetwork: string;
};

export const SANDBOX_SETTING_NAMES = [
  'MILLRACE_SANDBOX',
  'MILLRACE_OCI_RUNTIME',
  'MILLRACE_EGRESS_ALLOW',
  'MILLRACE_EGRESS_SOURCE',
  'MILLRACE_DNS',
  'MILLRACE_EXTRA_CA_CERTS',
  'MILLRACE_SANDBOX_NETWORK',
] as const;

/** @param workingDir what relative paths begin at */
export function parseSandboxSettings(
  read: SettingReader,
  workingDir: string,
  problems: string[],
): SandboxSettings {
  const extraCaCerts = read.text('MILLRACE_EXTRA_CA_CERTS');
  return {
    ...parseDriver(read, workingDir, problems),
    ...parseNetwork(read, problems),
    extraCaCerts: extraCaCerts === null ? null : path.resolve(workingDir, extraCaCerts),
  };
}

function parseDriver(
  { text }: SettingReader,
  workingDir: string,
  problems: string[],
): Pick<SandboxSettings, 'sandbox' | 'ociRuntime'> {
  const sandbox = text('MILLRACE_SANDBOX') ?? 'bubblewrap';
  if (!isSandbox(sandbox)) {
    problems.push(`MILLRACE_SANDBOX must be bubblewrap, oci or none, not ${JSON.stringify(sandbox)}`);
  }
  const ociRuntime = text('MILLRACE_OCI_RUNTIME') ?? 'runc';
  if (!/^[\w./+][\w./+-]*$/.test(ociRuntime)) {
    problems.push(`MILLRACE_OCI_RUNTIME must name a command or a file, not ${JSON.stringify(ociRuntime)}`);
  }
  return {
    sandbox: sandbox as SandboxSettings['sandbox'],
    ociRuntime: ociRuntime.includes('/') ? path.resolve(workingDir, ociRuntime) : ociRuntime,
  };
}

function parseNetwork(
  { text, list }: SettingReader,
  problems: string[],
): Pick<SandboxSettings, 'egressAllow' | 'egressSource' | 'dnsServers' | 'sandboxNetwork'> {
  const egressAllow = list('MILLRACE_EGRESS_ALLOW');
  for (const cidr of egressAllow) {
    if (!isCidr(cidr))
      problems.push(`MILLRACE_EGRESS_ALLOW: ${JSON.stringify(cidr)} is not a CIDR such as 10.1.0.0/16`);
  }
  const egressSource = text('MILLRACE_EGRESS_SOURCE');
  if (egressSource !== null && isIP(egressSource) !== 4) {
    problems.push(`MILLRACE_EGRESS_SOURCE: ${JSON.stringify(egressSource)} is not an IPv4 address`);
  }
  const dnsServers = list('MILLRACE_DNS');
  for (const server of dnsServers) {
    if (isIP(server) === 0) problems.push(`MILLRACE_DNS: ${JSON.stringify(server)} is not an IP address`);
  }
  const sandboxNetwork = text('MILLRACE_SANDBOX_NETWORK') ?? '100.96.0.0';
  if (isIP(sandboxNetwork) !== 4 || !sandboxNetwork.endsWith('.0.0')) {
    problems.push('MILLRACE_SANDBOX_NETWORK must be the first address of an IPv4 /16, such as 100.96.0.0');
  }
  return { egressAllow, egressSource, dnsServers, sandboxNetwork };
}

function isSandbox(value: string): value is SandboxSettings['sandbox'] {
  return ['bubblewrap', 'oci', 'none'].includes(value);
}
