// Certificates by ACME (MILLRACE_ACME): which names this installation is reached by, what their certificates
// are, and what asks for them. Called by open-public-port.ts, and by serve.ts once the port listens.
import type { HostDirectory } from '../accounts/host-directory.ts';
import { HOST_CHANNEL, listAllHosts } from '../accounts/host-store.ts';
import { CERTIFICATE_CHANNEL, readSummary } from '../certificates/certificate-store.ts';
import { startObtaining } from '../certificates/obtain-certificates.ts';
import { isPublicName } from '../certificates/public-name.ts';
import { openServedCertificates, type ServedCertificates } from '../certificates/served-certificates.ts';
import { systemClock } from '../clock/clock.ts';
import type { Config } from '../config/config.ts';
import type { Challenges } from '../http/answer-challenges.ts';
import type { Sql } from '../postgres/database.ts';
import { type Check, Trouble } from './finding.ts';
import type { Foundation } from './open-foundation.ts';
import type { Platform } from './platform.ts';

/** Of one installation: what is beyond gets none. */
const MOST_NAMES = 2_000;

type Parts = Pick<Foundation, 'config' | 'log' | 'database' | 'hearing' | 'keys' | 'operatorAccountId'>;

/** @returns null where no authority is named */
export async function openCertificates(parts: Parts): Promise<ServedCertificates | null> {
  const { config, log, database: sql, hearing, keys, operatorAccountId } = parts;
  if (config.acme === null) return null;
  const certificates = await openServedCertificates({
    ...{ sql, keys, operatorAccountId, directory: config.acme },
    onError: (error) => log.warn({ err: error }, 'certificates could not be read'),
  });
  hearing.on(CERTIFICATE_CHANNEL, certificates.refresh, certificates.refresh);
  return certificates;
}

export function challengesOf(
  config: Config,
  { answerTo }: ServedCertificates,
  { ownerOf }: HostDirectory,
): Challenges {
  const own = new Set(ownNames(config));
  return {
    answerTo,
    isOurs: (host) => {
      if (own.has(host)) return true;
      const owner = ownerOf(host);
      return owner !== null && !(owner instanceof Promise) && isPublicName(host);
    },
  };
}

/** @returns begins; call it when the port listens: an authority looks at once */
export function prepareCertificates(
  parts: Pick<Platform, 'config' | 'log' | 'endings' | 'database' | 'hearing' | 'keys' | 'ownOutbound'> &
    Pick<Foundation, 'operatorAccountId'>,
): () => void {
  const { config, log, endings, database, hearing, keys, ownOutbound, operatorAccountId } = parts;
  const directory = config.acme;
  if (directory === null) return () => {};
  const obtainParts = {
    ...{ database, keys, operatorAccountId, directory, email: config.acmeEmail },
    ...{ send: ownOutbound.send, log, clock: systemClock },
    names: async (): Promise<string[]> => {
      const mapped = (await listAllHosts(database)).map(({ host }) => host);
      const names = [...ownNames(config), ...config.domains.map(({ domain }) => domain), ...mapped];
      const wanted = [...new Set(names)].filter(isPublicName);
      if (wanted.length > MOST_NAMES)
        log.warn({ names: wanted.length, most: MOST_NAMES }, 'not every name gets a certificate');
      return wanted.slice(0, MOST_NAMES);
    },
  };
  let wake: () => void = () => {};
  const heard = (): void => wake();
  hearing.on(HOST_CHANNEL, heard, heard);
  return () => {
    const obtaining = startObtaining(obtainParts);
    wake = obtaining.wake;
    endings.push(() => obtaining.stop());
  };
}

/** As the operator is shown it. */
export function certificateChecks({ acme }: Config, sql: Sql): Check[] {
  if (acme === null) return [];
  const look = async (): Promise<string> => {
    const { wanted, issued, expired, refused, outage } = await readSummary(sql, acme);
    const told = `${issued} of ${wanted} names have one`;
    if (outage !== null) {
      const remedy = 'see that MILLRACE_ACME can be reached, and that MILLRACE_EXTRA_CA_CERTS names its root';
      throw new Trouble('warning', `${told}; the authority: ${outage}`, remedy);
    }
    if (refused === null && expired === 0) return told;
    const example =
      refused === null ? '' : `; ${refused.count} refused, e.g. ${refused.name}: ${refused.problem}`;
    throw new Trouble(
      'warning',
      `${told}, ${expired} are over${example}`,
      'see that each name leads here, and that port 80 reaches MILLRACE_PORT',
    );
  };
  return [{ subject: 'certificates', look }];
}

function ownNames({ publicUrl, consoleUrl }: Config): string[] {
  return [publicUrl, consoleUrl].map((url) => new URL(url).hostname).filter(isPublicName);
}
