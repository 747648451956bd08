// Opens the ways out of the server itself: requests and mail on accounts' behalf, which reach what a function
// might reach and nothing else, and requests to what the operator's own settings name.
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import type { Config } from '../config/config.ts';
import { openOutbound } from '../http/outbound-request.ts';
import type { OutboundRule } from '../http/outbound-rule.ts';
import { createMailSender, createOwnMailSender } from '../mail/mail-sender.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'log' | 'endings' | 'database' | 'keys'>;

export type OpenedOutbound = Pick<Platform, 'outbound' | 'ownOutbound' | 'sendMail' | 'sendOwnMail'>;

export function openOutboundWays({ config, log, endings, database, keys }: Parts): OpenedOutbound {
  const rule: OutboundRule = {
    allow: config.egressAllow,
    deny: [`${config.sandboxNetwork}/16`],
  };
  const ca = trustedRoots({ config, log });
  const doors = [new URL(config.publicUrl).origin];
  const ways = {
    outbound: openOutbound({ rule, doors, ca }),
    ownOutbound: openOutbound({ rule: null, doors, ca }),
  };
  endings.push(async () => {
    for (const way of Object.values(ways)) way.close();
  });
  const { smtp, mailFrom } = config;
  const mailing = {
    ca,
    installation: smtp === null || mailFrom === null ? null : { server: smtp, sender: mailFrom },
    hostname: new URL(config.publicUrl).hostname,
    timeoutMs: config.limits.deliveryTimeoutMs,
  };
  const domains = config.mailDomains;
  const sendMail = createMailSender({ ...mailing, sql: database, keys, rule, domains });
  return { ...ways, sendMail, sendOwnMail: createOwnMailSender(mailing) };
}

function trustedRoots({ config, log }: { config: Config; log: Platform['log'] }): string[] {
  const roots = getCACertificates('default');
  if (config.extraCaCerts === null) return roots;
  try {
    return [...roots, readFileSync(config.extraCaCerts, 'utf8')];
  } catch (err) {
    log.warn(
      { err },
      'MILLRACE_EXTRA_CA_CERTS can not be read by the server itself: it trusts the public roots only',
    );
    return roots;
  }
}
