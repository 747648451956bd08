// Reads the environment once, into one plain value. Pure: `parseConfig(env)` decides, nothing here acts. All problems
// are told at once. docs/configuration.md lists the same names; scripts/check-docs.ts compares the two.
import { isIP } from 'node:net';
import path from 'node:path';
import { DELIVERY_SETTING_NAMES, type DeliverySettings, parseDeliverySettings } from './delivery-settings.ts';
import { EGRESS_SETTING_NAMES, type EgressSettings, parseEgressSettings } from './egress-settings.ts';
import { LIMIT_RULES, type Limits } from './limits.ts';
import { type NodeRole, parseRoles } from './node-roles.ts';
import { parseQuerySources, type QueryDatabase } from './query-sources.ts';
import { parseSiteSettings, SITE_SETTING_NAMES, type SiteSettings } from './site-settings.ts';
import { parseTlsSettings, TLS_SETTING_NAMES, type TlsSettings } from './tls-settings.ts';

export type Config = SiteSettings &
  DeliverySettings &
  EgressSettings &
  TlsSettings & {
    /** The one public HTTP port. MILLRACE_PORT */
    port: number;
    /** Address to listen on. MILLRACE_HOST */
    host: string;
    /** How the outside, and a function calling another, reaches the platform; no trailing slash. MILLRACE_PUBLIC_URL */
    publicUrl: string;
    /** Absolute. MILLRACE_DATA_DIR */
    dataDir: string;
    /** Absolute; installed Node engines. MILLRACE_ENGINES_DIR */
    enginesDir: string;
    /** null: the embedded PostgreSQL. MILLRACE_DATABASE_URL */
    databaseUrl: string | null;
    /** 32 bytes; null: made in the data dir. MILLRACE_MASTER_KEY */
    masterKey: Buffer | null;
    /** MILLRACE_ADMIN_TOKEN */
    adminToken: string | null;
    sandbox: 'bubblewrap' | 'oci' | 'none';
    /** Command or absolute path of the OCI runtime, where `sandbox` is `oci`. MILLRACE_OCI_RUNTIME */
    ociRuntime: string;
    /** Private networks that functions may reach all the same. MILLRACE_EGRESS_ALLOW */
    egressAllow: string[];
    /** Address of this machine that functions are seen from; null: whichever the route has. MILLRACE_EGRESS_SOURCE */
    egressSource: string | null;
    /** Resolvers that functions use; empty: the machine's own. MILLRACE_DNS */
    dnsServers: string[];
    /** PEM file that functions trust besides the usual roots. MILLRACE_EXTRA_CA_CERTS */
    extraCaCerts: string | null;
    /** Where packages come from; no trailing slash. MILLRACE_NPM_REGISTRY */
    npmRegistry: string;
    /** Names of the packages that functions may have; null: what the dialect allows; `*`: all. MILLRACE_PACKAGES */
    packages: string[] | '*' | null;
    /** Names of the packages whose install scripts are run. MILLRACE_BUILD_SCRIPTS */
    buildScripts: string[];
    /** First address of the /16 that sandboxes get their links from. MILLRACE_SANDBOX_NETWORK */
    sandboxNetwork: string;
    /** Addresses and CIDRs of proxies whose X-Forwarded-For is believed. MILLRACE_TRUSTED_PROXIES */
    trustedProxies: string[];
    logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
    /** null: text on a terminal, JSON elsewhere. MILLRACE_LOG_FORMAT */
    logFormat: 'text' | 'json' | null;
    /** Whether types and notations that nobody has told us of may be published. MILLRACE_ALLOW_UNKNOWN_EVENTS */
    allowUnknownEvents: boolean;
    /** Databases that queries may read besides ours. MILLRACE_QUERY_SOURCES */
    querySources: QueryDatabase[];
    /** What this node does. MILLRACE_ROLES */
    roles: readonly NodeRole[];
    limits: Limits;
    /** Name of the installation, where the launcher knows better than the path of the data dir. Set by ourselves alone. */
    installation: string | null;
    /** What looks like a mistake and doesn't stop us: settings that we don't know. */
    warnings: string[];
  };

export class ConfigError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(`the environment can't be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** What the host knows that the environment doesn't say. */
export type HostFacts = { workingDir: string; totalMemoryMb: number };

const NAMES = new Set([
  'MILLRACE_PORT',
  'MILLRACE_HOST',
  'MILLRACE_PUBLIC_URL',
  'MILLRACE_DATA_DIR',
  'MILLRACE_ENGINES_DIR',
  'MILLRACE_DATABASE_URL',
  'MILLRACE_MASTER_KEY',
  'MILLRACE_ADMIN_TOKEN',
  'MILLRACE_SANDBOX',
  'MILLRACE_OCI_RUNTIME',
  'MILLRACE_EGRESS_ALLOW',
  'MILLRACE_EGRESS_SOURCE',
  'MILLRACE_DNS',
  'MILLRACE_EXTRA_CA_CERTS',
  'MILLRACE_SANDBOX_NETWORK',
  'MILLRACE_TRUSTED_PROXIES',
  'MILLRACE_NPM_REGISTRY',
  'MILLRACE_PACKAGES',
  'MILLRACE_BUILD_SCRIPTS',
  'MILLRACE_LOG_LEVEL',
  'MILLRACE_LOG_FORMAT',
  'MILLRACE_ROLES',
  'MILLRACE_ALLOW_UNKNOWN_EVENTS',
  'MILLRACE_QUERY_SOURCES',
  ...SITE_SETTING_NAMES,
  ...DELIVERY_SETTING_NAMES,
  ...EGRESS_SETTING_NAMES,
  ...TLS_SETTING_NAMES,
  ...Object.values(LIMIT_RULES).map(([name]) => name),
]);

/** Every variable that {@link parseConfig} reads. */
export function configNames(): string[] {
  return [...NAMES].sort();
}

/**
 * @throws ConfigError with every problem found
 */
export function parseConfig(env: Record<string, string | undefined>, facts: HostFacts): Config {
  const problems: string[] = [];
  const warnings: string[] = [];
  const text = (name: string): string | null => {
    const value = env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  };
  const whole = (name: string, otherwise: number, least: number, most: number): number => {
    const value = text(name);
    if (value === null) return otherwise;
    const number = /^[0-9]+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    problems.push(`${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`);
    return otherwise;
  };
  const list = (name: string): string[] =>
    (text(name) ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');

  for (const name of Object.keys(env)) {
    if (name.startsWith('MILLRACE_') && !NAMES.has(name) && !name.startsWith('MILLRACE_INTERNAL_')) {
      warnings.push(`${name} is not a setting of Millrace; see docs/configuration.md`);
    }
  }

  const port = whole('MILLRACE_PORT', 8700, 0, 65_535);
  const publicUrl = parsePublicUrl(text('MILLRACE_PUBLIC_URL') ?? `http://localhost:${port}`, problems);
  const dataDir = path.resolve(facts.workingDir, text('MILLRACE_DATA_DIR') ?? '.millrace');
  const enginesDir = path.resolve(
    facts.workingDir,
    text('MILLRACE_ENGINES_DIR') ?? path.join(dataDir, 'engines'),
  );

  const databaseUrl = text('MILLRACE_DATABASE_URL');
  if (databaseUrl !== null && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    problems.push('MILLRACE_DATABASE_URL must begin with postgres://');
  }

  const sandbox = text('MILLRACE_SANDBOX') ?? 'bubblewrap';
  if (!isSandbox(sandbox)) {
    problems.push(`MILLRACE_SANDBOX must be bubblewrap, oci or none, not ${JSON.stringify(sandbox)}`);
  }
  const ociRuntime = text('MILLRACE_OCI_RUNTIME') ?? 'runc';
  if (!/^[\w./+][\w./+-]*$/.test(ociRuntime)) {
    problems.push(`MILLRACE_OCI_RUNTIME must name a command or a file, not ${JSON.stringify(ociRuntime)}`);
  }

  const adminToken = text('MILLRACE_ADMIN_TOKEN');
  if (adminToken !== null && !/^[\x21-\x7e]{16,512}$/.test(adminToken)) {
    problems.push('MILLRACE_ADMIN_TOKEN must be 16 to 512 printable characters without blanks');
  }
  if (adminToken?.includes('.test.')) {
    problems.push("MILLRACE_ADMIN_TOKEN is a live token: it can't contain `.test.`, which marks test tokens");
  }

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

  const npmRegistry = parseRegistry(text('MILLRACE_NPM_REGISTRY') ?? 'https://registry.npmjs.org', problems);
  const packages = text('MILLRACE_PACKAGES') === '*' ? '*' : list('MILLRACE_PACKAGES');
  const buildScripts = list('MILLRACE_BUILD_SCRIPTS');
  for (const name of [...(packages === '*' ? [] : packages), ...buildScripts]) {
    if (!/^(@[\w.~-]+\/)?[\w.~-]+$/.test(name))
      problems.push(
        `MILLRACE_PACKAGES, MILLRACE_BUILD_SCRIPTS: ${JSON.stringify(name)} is no name of a package`,
      );
  }

  const trustedProxies = list('MILLRACE_TRUSTED_PROXIES');
  for (const cidr of trustedProxies) {
    if (!isCidr(cidr))
      problems.push(`MILLRACE_TRUSTED_PROXIES: ${JSON.stringify(cidr)} is not a CIDR such as 10.1.0.0/16`);
  }

  const logLevel = text('MILLRACE_LOG_LEVEL') ?? 'info';
  if (!isLogLevel(logLevel)) {
    problems.push('MILLRACE_LOG_LEVEL must be trace, debug, info, warn, error or silent');
  }

  const logFormat = text('MILLRACE_LOG_FORMAT');
  if (logFormat !== null && logFormat !== 'text' && logFormat !== 'json') {
    problems.push(`MILLRACE_LOG_FORMAT must be text or json, not ${JSON.stringify(logFormat)}`);
  }

  const extraCaCerts = text('MILLRACE_EXTRA_CA_CERTS');

  const limits = Object.fromEntries(
    Object.entries(LIMIT_RULES).map(([key, [name, otherwise, least, most]]) => [
      key,
      whole(name, otherwise, least, most),
    ]),
  ) as Limits;
  if (limits.memoryBudgetMb === 0) limits.memoryBudgetMb = Math.max(256, Math.floor(facts.totalMemoryMb / 2));
  if (limits.workerRuns === 0) limits.workerRuns = usualWorkerRuns(limits);
  if (limits.timeoutMs > limits.maxTimeoutMs) {
    problems.push('MILLRACE_TIMEOUT_MS must not be over MILLRACE_MAX_TIMEOUT_MS');
  }
  if (limits.memoryMb > limits.maxMemoryMb) {
    problems.push('MILLRACE_MEMORY_MB must not be over MILLRACE_MAX_MEMORY_MB');
  }

  if (limits.delayLeastMs > limits.delayMostMs) {
    problems.push('MILLRACE_DELAY_LEAST_MS must not be over MILLRACE_DELAY_MOST_MS');
  }
  const allowUnknownEvents = text('MILLRACE_ALLOW_UNKNOWN_EVENTS') ?? 'false';
  if (allowUnknownEvents !== 'true' && allowUnknownEvents !== 'false') {
    problems.push('MILLRACE_ALLOW_UNKNOWN_EVENTS must be true or false');
  }

  const roles = parseRoles(list('MILLRACE_ROLES'), problems);
  const masterKey = parseMasterKey(text('MILLRACE_MASTER_KEY'), problems);
  const sites = parseSiteSettings({ text, list }, problems);
  const deliveries = parseDeliverySettings({ text, list }, problems);
  const querySources = parseQuerySources(list('MILLRACE_QUERY_SOURCES'), problems);
  const egress = parseEgressSettings({ list }, problems);
  const tls = parseTlsSettings({ text, list }, facts.workingDir, problems);

  if (problems.length > 0) throw new ConfigError(problems);
  return {
    ...sites,
    ...deliveries,
    ...egress,
    ...tls,
    port,
    host: text('MILLRACE_HOST') ?? '0.0.0.0',
    publicUrl,
    dataDir,
    enginesDir,
    databaseUrl,
    masterKey,
    adminToken,
    sandbox: sandbox as Config['sandbox'],
    ociRuntime: ociRuntime.includes('/') ? path.resolve(facts.workingDir, ociRuntime) : ociRuntime,
    egressAllow,
    egressSource,
    dnsServers,
    trustedProxies,
    extraCaCerts: extraCaCerts === null ? null : path.resolve(facts.workingDir, extraCaCerts),
    sandboxNetwork,
    npmRegistry,
    packages: packages.length === 0 ? null : packages,
    buildScripts,
    roles,
    allowUnknownEvents: allowUnknownEvents === 'true',
    querySources,
    logLevel: logLevel as Config['logLevel'],
    logFormat: logFormat as Config['logFormat'],
    limits,
    installation: text('MILLRACE_INTERNAL_INSTALLATION'),
    warnings,
  };
}

/** As many as three quarters of the memory hold: what somebody waits for finds room beside them. */
function usualWorkerRuns({ memoryBudgetMb, memoryMb }: Limits): number {
  return Math.min(64, Math.max(2, Math.floor((memoryBudgetMb * 0.75) / memoryMb)));
}

function parsePublicUrl(value: string, problems: string[]): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url !== null && (url.username !== '' || url.password !== '')) {
    // It begins every address that we hand out. Not repeated here: this sentence goes into logs.
    problems.push('MILLRACE_PUBLIC_URL must not hold a user name or a password');
    return value;
  }
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    problems.push(`MILLRACE_PUBLIC_URL must be an http or https address, not ${JSON.stringify(value)}`);
    return value;
  }
  return value.replace(/\/+$/, '');
}

function parseRegistry(value: string, problems: string[]): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    problems.push('MILLRACE_NPM_REGISTRY must be an http or https address without a user name');
  }
  return value.replace(/\/+$/, '');
}

function parseMasterKey(value: string | null, problems: string[]): Buffer | null {
  if (value === null) return null;
  const key = Buffer.from(value, 'base64');
  if (key.length !== 32) {
    problems.push(`MILLRACE_MASTER_KEY must be 32 bytes in base64, this is ${key.length} bytes`);
  }
  return key;
}

function isCidr(text: string): boolean {
  const [address, bits, rest] = text.split('/');
  const version = isIP(address ?? '');
  if (version === 0 || rest !== undefined) return false;
  if (bits === undefined) return true;
  return /^[0-9]{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

function isSandbox(value: string): value is Config['sandbox'] {
  return ['bubblewrap', 'oci', 'none'].includes(value);
}

function isLogLevel(value: string): value is Config['logLevel'] {
  return ['trace', 'debug', 'info', 'warn', 'error', 'silent'].includes(value);
}
