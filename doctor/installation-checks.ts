// What this installation needs besides jails: its folders, key, database, engines, ports, the time, and what
// it asks for over the network. None of it takes root, nothing is changed. doctor.ts asks all of it; a
// running server asks `standingChecks` for the API.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import path from 'node:path';
import { getCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { findDotnets } from '../launcher/find-dotnets.ts';
import { findJavas } from '../launcher/find-javas.ts';
import { findPythons } from '../launcher/find-pythons.ts';
import { refuseForeignDataDir, refuseForeignEnginesDir } from '../launcher/own-folders.ts';
import { choosePort, requireTlsPort } from '../launcher/port.ts';
import type { Config } from '../server/src/config/config.ts';
import { describeDotnets } from '../server/src/engines/dotnet-engines.ts';
import type { InstalledEngine } from '../server/src/engines/engine-installer.ts';
import { describeJavas } from '../server/src/engines/java-engines.ts';
import { keeperOf } from '../server/src/environment/key-keepers.ts';
import { masterKeyFile } from '../server/src/environment/master-key.ts';
import { openDatabase } from '../server/src/postgres/database.ts';
import { embeddedBinDir } from '../server/src/postgres/embedded-postgres.ts';
import { type Check, needed, Trouble } from '../server/src/roles/finding.ts';
import { existingParent, standingChecks } from '../server/src/roles/standing-checks.ts';

type Engines = { installed(): Promise<InstalledEngine[]> };

export function installationChecks(config: Config, engines: Engines): Check[] {
  return [
    ...[
      nodeVersion,
      dataDir(config),
      ...standingChecks(config),
      masterKey(config),
      installedEngines(engines),
      pythonsOf,
      dotnetsOf,
      javasOf,
    ],
    ...[config.databaseUrl === null ? embeddedDatabase(config) : database(config.databaseUrl)],
    ...[ports(config), ...sources(config)],
  ];
}

const LEAST_NODE = 24;

const nodeVersion = needed('Node', `install Node ${LEAST_NODE} or later, or run \`npm install\``, () => {
  if (Number.parseInt(process.versions.node, 10) >= LEAST_NODE) return process.version;
  throw new Error(`this is ${process.version}`);
});

function dataDir(config: Config): Check {
  return needed(
    'data directory',
    'set MILLRACE_DATA_DIR to a folder of Millrace’s own that can be written',
    () => {
      refuseForeignDataDir(config.dataDir);
      refuseForeignEnginesDir(config.enginesDir);
      accessSync(existingParent(config.dataDir), constants.W_OK);
      return existsSync(config.dataDir) ? config.dataDir : `${config.dataDir}, made at the first start`;
    },
  );
}

function masterKey(config: Config): Check {
  const { dataDir: dir, databaseUrl } = config;
  const file = masterKeyFile(dir);
  const remedy = `bring the key back from a backup to ${file}, mode 0600, or set MILLRACE_MASTER_KEY`;
  return needed('master key', remedy, () => {
    const keeper = keeperOf(config);
    if (keeper !== null) return keeper.told;
    if (existsSync(file)) return keyIn(file);
    if (existsSync(path.join(dir, 'postgres/PG_VERSION')))
      throw new Error(`there is a database and no ${file}`);
    if (databaseUrl === null) return 'made at the first start: back it up';
    const told = 'none: one is made at the first start of a new database, and an older one can not be read';
    throw new Trouble(
      'warning',
      told,
      'set MILLRACE_MASTER_KEY to the key of this database, the same on every node',
    );
  });
}

function keyIn(file: string): string {
  const { mode } = statSync(file);
  const length = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64').length;
  if (length !== 32) throw new Error(`${file} holds ${length} bytes, not 32`);
  if ((mode & 0o077) === 0) return `${file}: back it up`;
  throw new Trouble('warning', `others may read ${file}`, `chmod 600 ${file}`);
}

function installedEngines(engines: Engines): Check {
  return {
    subject: 'engines',
    look: async () => {
      const installed = (await engines.installed()).map(({ version }) => version);
      return installed.length === 0
        ? 'none yet: each comes when a function first asks for it'
        : installed.join(', ');
    },
  };
}

/** As the launcher looks for them, by the same PATH and home. */
const pythonsOf: Check = {
  subject: 'Python',
  look: async () => {
    const found = await findPythons(process.env);
    if (found.length === 0) return 'none: install the package python3 for functions in Python';
    return found.map(({ exact, prefix }) => `${exact} (${prefix})`).join(', ');
  },
};

const dotnetsOf: Check = { subject: '.NET', look: async () => describeDotnets(findDotnets(process.env)) };
const javasOf: Check = { subject: 'Java', look: async () => describeJavas(findJavas(process.env)) };

function embeddedDatabase(config: Config): Check {
  const remedy = 'run `npm install`, or name a PostgreSQL in MILLRACE_DATABASE_URL';
  return needed('database', remedy, async () => {
    const said = await promisify(execFile)(path.join(embeddedBinDir(), 'postgres'), ['--version']);
    const version = /\) (\d+)\S*/.exec(said.stdout);
    const file = path.join(config.dataDir, 'postgres/PG_VERSION');
    const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
    if (kept === null || kept === version?.[1]) return `embedded, ${said.stdout.trim()}`;
    const told = `the data is PostgreSQL ${kept}'s, and ${said.stdout.trim()} is installed`;
    throw new Trouble('missing', told, 'move it by pg_dump of the older and pg_restore of the newer version');
  });
}

const LEAST_POSTGRES = 150_000;
const MOST_DRIFT_MS = 5_000;

function database(url: string): Check {
  return needed('database', 'correct MILLRACE_DATABASE_URL, or start that server', async () => {
    const sql = openDatabase(url, () => {}, 1);
    try {
      const asked = Date.now();
      const [row] = await sql.query<{ version: string; number: number; now: Date }>(
        `select current_setting('server_version') as version, current_setting('server_version_num')::int as number, clock_timestamp() as now`,
      );
      if (row === undefined) throw new Error('it answers nothing');
      if (row.number < LEAST_POSTGRES) throw new Error(`PostgreSQL ${row.version} is older than 15`);
      requireSameTime(row.now, asked, 'the database');
      return `PostgreSQL ${row.version}`;
    } finally {
      await sql.close();
    }
  });
}

/** @param asked Unix time in ms, before the other one gave its own */
function requireSameTime(theirs: Date, asked: number, whose: string): void {
  const now = Date.now();
  const driftMs = theirs.getTime() < asked ? asked - theirs.getTime() : Math.max(0, theirs.getTime() - now);
  if (driftMs <= MOST_DRIFT_MS) return;
  const told = `this clock and that of ${whose} are ${Math.round(driftMs / 1000)} seconds apart`;
  throw new Trouble('warning', told, 'keep clocks by NTP: signatures, certificates and schedules go by them');
}

function ports(config: Config): Check {
  return needed('ports', 'end what has the port, or set MILLRACE_PORT and MILLRACE_TLS_PORT', async () => {
    if (await isOurs(config)) return `${config.port}: a Millrace answers there`;
    await choosePort(config);
    await requireTlsPort(config);
    const all = [config.port, ...(config.tlsPort === null ? [] : [config.tlsPort])];
    return `${all.join(' and ')} can be had`;
  });
}

async function isOurs({ port }: Config): Promise<boolean> {
  try {
    const answer = await fetch(`http://localhost:${port}/healthz`, { signal: AbortSignal.timeout(2_000) });
    return answer.ok;
  } catch {
    // Nobody there, or a program that speaks no HTTP: opening the port shows which.
    return false;
  }
}

const SOURCE_TIMEOUT_MS = 5_000;

type Source = { subject: string; url: string; remedy: string; isForPython?: boolean };

/** What Millrace asks for over the network, by its settings. */
function sources({ npmRegistry, pypiIndex, acme }: Config): Check[] {
  const asked: Source[] = [
    {
      ...{ subject: 'registry, clock', url: npmRegistry },
      remedy:
        'functions with packages and new engines need it: set MILLRACE_NPM_REGISTRY to one that is reached',
    },
    {
      ...{ subject: 'Python’s index', url: `${pypiIndex}/`, isForPython: true },
      remedy: 'functions with a requirements.txt need it: set MILLRACE_PYPI_INDEX to one that is reached',
    },
  ];
  if (acme !== null) {
    const remedy = 'certificates are asked for there: set MILLRACE_ACME to a directory that is reached';
    asked.push({ subject: 'certificates', url: acme, remedy });
  }
  return asked.map(reached);
}

function reached(source: Source): Check {
  const { subject, url, isForPython = false } = source;
  return {
    subject,
    look: async () => {
      if (isForPython && (await findPythons(process.env)).length === 0)
        return 'not asked: there is no Python';
      const asked = Date.now();
      const said = await askForHead(url).catch((error: Error) => throwUnreached(source, error));
      if (said === null) return `${url} is reached; it tells no time`;
      // Whole seconds, and a cache in between may have kept it for a moment.
      requireSameTime(new Date(Date.parse(said) + 1_000), asked, url);
      return `${url} is reached, and agrees on the time`;
    },
  };
}

/**
 * As npm does, which installs packages and engines: it trusts what its `cafile` holds. @returns the date that
 * it states
 */
async function askForHead(source: string): Promise<string | null> {
  const url = new URL(source);
  const cafile = process.env.npm_config_cafile;
  const trusted =
    cafile === undefined ? {} : { ca: [...getCACertificates('default'), readFileSync(cafile, 'utf8')] };
  const options = { method: 'HEAD', signal: AbortSignal.timeout(SOURCE_TIMEOUT_MS) };
  const request =
    url.protocol === 'https:' ? httpsRequest(url, { ...options, ...trusted }) : httpRequest(url, options);
  request.end();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.headers.date ?? null;
}

/** The source answers, and what stands in between shows a certificate that nothing here trusts. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS/;

function throwUnreached({ url, remedy }: Source, error: Error & { code?: string }): never {
  const { code = '', message } = error;
  if (!UNTRUSTED.test(code)) {
    throw new Trouble('warning', `${url} is not reached: ${message || code}`, remedy);
  }
  throw new Trouble(
    'warning',
    `the certificate shown for ${url} is not trusted (${code}): a proxy opens TLS on the way, or its CA is a private one`,
    "save that CA's certificate as a PEM file and name it: npm config set cafile <file>, and NODE_EXTRA_CA_CERTS=<file>",
  );
}
