// Reads the environment once, into one plain value. Pure: `parseConfig(env)` decides, nothing here acts. All problems
// are told at once. docs/configuration.md lists the same names; scripts/check-docs.ts compares the two.
import { isIP } from 'node:net';
import path from 'node:path';

export type Config = {
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
  /** First address of the /16 that sandboxes get their links from. MILLRACE_SANDBOX_NETWORK */
  sandboxNetwork: string;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** null: text on a terminal, JSON elsewhere. MILLRACE_LOG_FORMAT */
  logFormat: 'text' | 'json' | null;
  limits: Limits;
  /** Name of the installation, where the launcher knows better than the path of the data dir. Set by ourselves alone. */
  installation: string | null;
  /** What looks like a mistake and doesn't stop us: settings that we don't know. */
  warnings: string[];
};

/** Every number that bounds something. All are environment variables; see docs/configuration.md. */
export type Limits = {
  requestBytes: number;
  resultBytes: number;
  uploadBytes: number;
  /** Of all uploads in hand at a time. */
  uploadsInHandBytes: number;
  unpackedBytes: number;
  unpackedEntries: number;
  /** Unpacked code that is kept on disk. MiB. */
  bundleCacheMb: number;
  variablesBytes: number;
  timeoutMs: number;
  maxTimeoutMs: number;
  initTimeoutMs: number;
  memoryMb: number;
  maxMemoryMb: number;
  tmpMb: number;
  cpuPercent: number;
  pids: number;
  openFiles: number;
  logBytesPerRun: number;
  /** Memory that all sandboxes together may be promised. MiB. */
  memoryBudgetMb: number;
  instancesPerFunction: number;
  runsPerAccount: number;
  /** How long a call waits for a free instance before it is refused. */
  admissionWaitMs: number;
  idleMs: number;
  /** Most sandboxes kept ready for functions seen for the first time; 0: none. */
  blankSandboxes: number;
  runRetentionDays: number;
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

/** Name, default, least and most of every numeric limit. */
const LIMIT_RULES = {
  requestBytes: ['MILLRACE_REQUEST_BYTES', 6_291_556, 1024, 256 * 1024 * 1024],
  resultBytes: ['MILLRACE_RESULT_BYTES', 6_291_556, 1024, 256 * 1024 * 1024],
  uploadBytes: ['MILLRACE_UPLOAD_BYTES', 50 * 1024 * 1024, 1024, 512 * 1024 * 1024],
  uploadsInHandBytes: [
    'MILLRACE_UPLOADS_IN_HAND_BYTES',
    128 * 1024 * 1024,
    1024 * 1024,
    64 * 1024 * 1024 * 1024,
  ],
  unpackedBytes: ['MILLRACE_UNPACKED_BYTES', 250 * 1024 * 1024, 1024, 4 * 1024 * 1024 * 1024],
  unpackedEntries: ['MILLRACE_UNPACKED_ENTRIES', 50_000, 1, 1_000_000],
  bundleCacheMb: ['MILLRACE_BUNDLE_CACHE_MB', 10_240, 1, 16_777_216],
  variablesBytes: ['MILLRACE_VARIABLES_BYTES', 4096, 64, 1024 * 1024],
  timeoutMs: ['MILLRACE_TIMEOUT_MS', 30_000, 100, 900_000],
  maxTimeoutMs: ['MILLRACE_MAX_TIMEOUT_MS', 900_000, 100, 86_400_000],
  initTimeoutMs: ['MILLRACE_INIT_TIMEOUT_MS', 10_000, 100, 900_000],
  memoryMb: ['MILLRACE_MEMORY_MB', 256, 64, 65_536],
  maxMemoryMb: ['MILLRACE_MAX_MEMORY_MB', 3008, 64, 1_048_576],
  tmpMb: ['MILLRACE_TMP_MB', 512, 1, 65_536],
  cpuPercent: ['MILLRACE_CPU_PERCENT', 100, 1, 100_000],
  pids: ['MILLRACE_PIDS', 512, 16, 100_000],
  openFiles: ['MILLRACE_OPEN_FILES', 1024, 64, 1_000_000],
  logBytesPerRun: ['MILLRACE_LOG_BYTES_PER_RUN', 256 * 1024, 1024, 64 * 1024 * 1024],
  memoryBudgetMb: ['MILLRACE_MEMORY_BUDGET', 0, 64, 16_777_216],
  instancesPerFunction: ['MILLRACE_INSTANCES_PER_FUNCTION', 10, 1, 10_000],
  runsPerAccount: ['MILLRACE_RUNS_PER_ACCOUNT', 100, 1, 1_000_000],
  admissionWaitMs: ['MILLRACE_ADMISSION_WAIT_MS', 10_000, 0, 900_000],
  idleMs: ['MILLRACE_IDLE_MS', 600_000, 100, 86_400_000],
  blankSandboxes: ['MILLRACE_BLANK_SANDBOXES', 2, 0, 1000],
  runRetentionDays: ['MILLRACE_RUN_RETENTION_DAYS', 90, 1, 36_500],
} as const satisfies Record<keyof Limits, readonly [string, number, number, number]>;

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
  'MILLRACE_LOG_LEVEL',
  'MILLRACE_LOG_FORMAT',
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
  if (limits.timeoutMs > limits.maxTimeoutMs) {
    problems.push('MILLRACE_TIMEOUT_MS must not be over MILLRACE_MAX_TIMEOUT_MS');
  }
  if (limits.memoryMb > limits.maxMemoryMb) {
    problems.push('MILLRACE_MEMORY_MB must not be over MILLRACE_MAX_MEMORY_MB');
  }

  const masterKey = parseMasterKey(text('MILLRACE_MASTER_KEY'), problems);

  if (problems.length > 0) throw new ConfigError(problems);
  return {
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
    extraCaCerts: extraCaCerts === null ? null : path.resolve(facts.workingDir, extraCaCerts),
    sandboxNetwork,
    logLevel: logLevel as Config['logLevel'],
    logFormat: logFormat as Config['logFormat'],
    limits,
    installation: text('MILLRACE_INTERNAL_INSTALLATION'),
    warnings,
  };
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
