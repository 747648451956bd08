// Reads the environment once, into one plain value. Pure: `parseConfig(env)` decides, nothing here acts. All
// problems are reported at once. docs/configuration.md lists the same names; scripts/check-docs.ts compares
// the two.
import path from 'node:path';
import { type MachineEngines, parseMachineEngines } from '../../../contract/machine-engines.ts';
import { parseWithoutRoot, type WithoutRoot } from '../../../contract/without-root.ts';
import { StartError } from '../../../process/start-error.ts';
import { BOUND_SETTING_NAMES, parseAccountBounds, type SetBounds } from './account-bounds.ts';
import { CONSOLE_SETTING_NAMES, type ConsoleSettings, parseConsoleSettings } from './console-settings.ts';
import { DELIVERY_SETTING_NAMES, type DeliverySettings, parseDeliverySettings } from './delivery-settings.ts';
import { EGRESS_SETTING_NAMES, type EgressSettings, parseEgressSettings } from './egress-settings.ts';
import { KEY_SETTING_NAMES, type KeySettings, parseKeySettings } from './key-settings.ts';
import { LIMIT_RULES, type Limits } from './limits.ts';
import { LOG_SETTING_NAMES, type LogSettings, parseLogSettings } from './log-settings.ts';
import {
  MONITORING_SETTING_NAMES,
  type MonitoringSettings,
  parseMonitoringSettings,
} from './monitoring-settings.ts';
import { type NodeRole, parseRoles } from './node-roles.ts';
import { OPENID_SETTING_NAMES, type OpenidSettings, parseOpenidSettings } from './openid-settings.ts';
import { PACKAGE_SETTING_NAMES, type PackageSettings, parsePackageSettings } from './package-settings.ts';
import { parseLimits } from './parse-limits.ts';
import { parseQuerySources, type QueryDatabase } from './query-sources.ts';
import { parseSandboxSettings, SANDBOX_SETTING_NAMES, type SandboxSettings } from './sandbox-settings.ts';
import { createSettingReader, isCidr, type SettingReader } from './setting-reader.ts';
import { parseSiteSettings, SITE_SETTING_NAMES, type SiteSettings } from './site-settings.ts';
import {
  parseTelemetrySettings,
  TELEMETRY_SETTING_NAMES,
  type TelemetrySettings,
} from './telemetry-settings.ts';
import { parseTlsSettings, TLS_SETTING_NAMES, type TlsSettings } from './tls-settings.ts';

export type Config = SiteSettings &
  ConsoleSettings &
  OpenidSettings &
  DeliverySettings &
  EgressSettings &
  TlsSettings &
  SandboxSettings &
  PackageSettings &
  LogSettings &
  MonitoringSettings &
  KeySettings &
  TelemetrySettings &
  MachineEngines & {
    /** The one public HTTP port. MILLRACE_PORT */
    port: number;
    /** Address to listen on. MILLRACE_HOST */
    host: string;
    /**
     * How the outside, and a function calling another, reaches the platform; no trailing slash.
     * MILLRACE_PUBLIC_URL
     */
    publicUrl: string;
    /** Absolute. MILLRACE_DATA_DIR */
    dataDir: string;
    /**
     * The same folder by the path that its operator knows: the server has it at another place. Set by
     * ourselves alone.
     */
    operatorDataDir: string;
    /** Absolute; installed Node engines. MILLRACE_ENGINES_DIR */
    enginesDir: string;
    /** null: the embedded PostgreSQL. MILLRACE_DATABASE_URL */
    databaseUrl: string | null;
    /**
     * Absolute; where the embedded PostgreSQL's write-ahead log is archived; null: nowhere.
     * MILLRACE_WAL_ARCHIVE
     */
    walArchive: string | null;
    /** MILLRACE_ADMIN_TOKEN */
    adminToken: string | null;
    /** MILLRACE_OPERATOR_TOKEN */
    operatorToken: string | null;
    /** Addresses and CIDRs of proxies whose X-Forwarded-For is believed. MILLRACE_TRUSTED_PROXIES */
    trustedProxies: string[];
    /**
     * Whether types and notations that are in no catalogue may be published. MILLRACE_ALLOW_UNKNOWN_EVENTS
     */
    allowUnknownEvents: boolean;
    /** Databases that queries may read besides ours. MILLRACE_QUERY_SOURCES */
    querySources: QueryDatabase[];
    /** What this node does. MILLRACE_ROLES */
    roles: readonly NodeRole[];
    limits: Limits;
    /** What an account may have that has no bounds of its own. MILLRACE_ACCOUNT_BOUNDS */
    accountBounds: SetBounds;
    /**
     * Name of the installation, where the launcher knows better than the path of the data dir. Set by
     * ourselves alone.
     */
    installation: string | null;
    /** null: root has started it. Set by the launcher alone. */
    withoutRoot: WithoutRoot | null;
    /** What looks like a mistake and doesn't stop us: settings that we don't know. */
    warnings: string[];
  };

export class ConfigError extends StartError {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(`the environment can't be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** What the host knows that the environment doesn't say. */
export type HostFacts = { workingDir: string; totalMemoryMb: number; cores: number };

const NAMES = new Set([
  'MILLRACE_PORT',
  'MILLRACE_HOST',
  'MILLRACE_PUBLIC_URL',
  'MILLRACE_DATA_DIR',
  'MILLRACE_ENGINES_DIR',
  'MILLRACE_DATABASE_URL',
  'MILLRACE_WAL_ARCHIVE',
  ...KEY_SETTING_NAMES,
  'MILLRACE_ADMIN_TOKEN',
  'MILLRACE_OPERATOR_TOKEN',
  'MILLRACE_TRUSTED_PROXIES',
  'MILLRACE_ROLES',
  'MILLRACE_ALLOW_UNKNOWN_EVENTS',
  'MILLRACE_QUERY_SOURCES',
  ...SITE_SETTING_NAMES,
  ...CONSOLE_SETTING_NAMES,
  ...OPENID_SETTING_NAMES,
  ...DELIVERY_SETTING_NAMES,
  ...EGRESS_SETTING_NAMES,
  ...TLS_SETTING_NAMES,
  ...SANDBOX_SETTING_NAMES,
  ...PACKAGE_SETTING_NAMES,
  ...LOG_SETTING_NAMES,
  ...MONITORING_SETTING_NAMES,
  ...TELEMETRY_SETTING_NAMES,
  ...BOUND_SETTING_NAMES,
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
  const read = createSettingReader(env, problems);
  const { text, list, whole } = read;
  const { workingDir } = facts;
  const port = whole('MILLRACE_PORT', 8700, { least: 0, most: 65_535 });
  const dataDir = path.resolve(workingDir, text('MILLRACE_DATA_DIR') ?? '.millrace');
  const publicUrl = parsePublicUrl(text('MILLRACE_PUBLIC_URL') ?? `http://localhost:${port}`, problems);
  const config: Config = {
    port,
    host: text('MILLRACE_HOST') ?? '0.0.0.0',
    publicUrl,
    ...parseOpenidSettings(read, problems),
    ...parseConsoleSettings(read, { port, publicUrl }, problems),
    dataDir,
    operatorDataDir: text('MILLRACE_INTERNAL_DATA_DIR') ?? dataDir,
    enginesDir: path.resolve(workingDir, text('MILLRACE_ENGINES_DIR') ?? path.join(dataDir, 'engines')),
    databaseUrl: parseDatabaseUrl(text('MILLRACE_DATABASE_URL'), problems),
    walArchive: parseWalArchive(read, { workingDir, dataDir }, problems),
    ...parseSandboxSettings(read, workingDir, problems),
    ...parseEgressSettings(read, problems),
    ...parsePackageSettings(read, problems),
    ...parseFirstTokens(text, problems),
    ...parseKeySettings(read, workingDir, problems),
    trustedProxies: parseProxies(list('MILLRACE_TRUSTED_PROXIES'), problems),
    ...parseTlsSettings(read, workingDir, problems),
    ...parseLogSettings(read, problems),
    ...parseMonitoringSettings(read),
    ...parseTelemetrySettings(read, problems),
    limits: parseLimits(read, facts, problems),
    accountBounds: parseAccountBounds(read, problems),
    allowUnknownEvents: read.flag('MILLRACE_ALLOW_UNKNOWN_EVENTS', false),
    roles: parseRoles(list('MILLRACE_ROLES'), problems),
    ...parseSiteSettings(read, problems),
    ...parseDeliverySettings(read, problems),
    querySources: parseQuerySources(list('MILLRACE_QUERY_SOURCES'), problems),
    installation: text('MILLRACE_INTERNAL_INSTALLATION'),
    ...parseMachineEngines(text('MILLRACE_INTERNAL_ENGINES')),
    withoutRoot: parseWithoutRoot(text('MILLRACE_INTERNAL_WITHOUT_ROOT')),
    warnings: [
      ...unknownNames(env).map((name) => `${name} is not a setting of Millrace; see docs/configuration.md`),
      ...FIRST_TOKENS.flatMap((name) => shortTokenWarnings(name, text(name))),
    ],
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Those that the first start takes from its settings. */
const FIRST_TOKENS = ['MILLRACE_ADMIN_TOKEN', 'MILLRACE_OPERATOR_TOKEN'] as const;

/** Long enough that nobody guesses it, even of words. */
const SAFE_TOKEN_LENGTH = 32;

function shortTokenWarnings(name: string, token: string | null): string[] {
  if (token === null || token.length >= SAFE_TOKEN_LENGTH) return [];
  return [
    `${name} has ${token.length} characters: a token that opens this much should have ${SAFE_TOKEN_LENGTH} random ones`,
  ];
}

function unknownNames(env: Record<string, string | undefined>): string[] {
  return Object.keys(env).filter(
    (name) => name.startsWith('MILLRACE_') && !NAMES.has(name) && !name.startsWith('MILLRACE_INTERNAL_'),
  );
}

function parseDatabaseUrl(value: string | null, problems: string[]): string | null {
  if (value !== null && !/^postgres(ql)?:\/\//.test(value)) {
    problems.push('MILLRACE_DATABASE_URL must begin with postgres://');
  }
  return value;
}

function parseWalArchive(
  { text }: SettingReader,
  { workingDir, dataDir }: { workingDir: string; dataDir: string },
  problems: string[],
): string | null {
  const value = text('MILLRACE_WAL_ARCHIVE');
  if (value === null) return null;
  const folder = path.resolve(workingDir, value);
  if (text('MILLRACE_DATABASE_URL') !== null) {
    problems.push('MILLRACE_WAL_ARCHIVE is for the embedded database: MILLRACE_DATABASE_URL names another');
  }
  if (`${folder}/`.startsWith(`${dataDir}/`)) {
    problems.push('MILLRACE_WAL_ARCHIVE must lie outside of MILLRACE_DATA_DIR, better on another disk');
  }
  return folder;
}

function parseFirstTokens(
  text: SettingReader['text'],
  problems: string[],
): Pick<Config, 'adminToken' | 'operatorToken'> {
  const [adminToken, operatorToken] = FIRST_TOKENS.map((name) => parseFirstToken(name, text(name), problems));
  if (adminToken !== null && adminToken === operatorToken) {
    problems.push('MILLRACE_OPERATOR_TOKEN must be another token than MILLRACE_ADMIN_TOKEN');
  }
  return { adminToken: adminToken ?? null, operatorToken: operatorToken ?? null };
}

function parseFirstToken(name: string, value: string | null, problems: string[]): string | null {
  if (value !== null && !/^[\x21-\x7e]{16,512}$/.test(value)) {
    problems.push(`${name} must be 16 to 512 printable characters without blanks`);
  }
  if (value?.includes('.test.')) {
    problems.push(`${name} is a live token: it can't contain \`.test.\`, which marks test tokens`);
  }
  return value;
}

function parseProxies(cidrs: string[], problems: string[]): string[] {
  for (const cidr of cidrs.filter((item) => !isCidr(item))) {
    problems.push(`MILLRACE_TRUSTED_PROXIES: ${JSON.stringify(cidr)} is not a CIDR such as 10.1.0.0/16`);
  }
  return cidrs;
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
