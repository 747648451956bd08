// What every command of HubSpot's CLI calls before its own work: the exchange of the key for an access token,
// the fire alarm, and the report of its use, which nobody reads here (docs/specs/hubspot.md 1.2, 2.3). A
// personal access key is a secret token.

import { z } from 'zod';
import { findAccount } from '../../../accounts/account-store.ts';
import type { Clock } from '../../../clock/clock.ts';
import { fail } from '../../../errors/failure.ts';
import { requireDialect } from '../../../http/served-accounts.ts';
import type { Sql } from '../../../postgres/database.ts';
import { callerOf, type Tokens } from '../../../tokens/bearer.ts';
import type { Caller } from '../../../tokens/caller.ts';
import { listFoldersInBuild } from '../catalog/build-store.ts';
import { listFolders } from '../catalog/folder-store.ts';
import { deployCommand } from '../catalog/module-advice.ts';
import { listOwnNumbers } from '../catalog/portal-store.ts';
import { DIALECT } from '../folders/folder-deployer.ts';
import {
  type CliEndpoint,
  type CliRequest,
  json,
  nothing,
  type OpenCliRequest,
} from '../frame/cli-endpoint.ts';
import { wrongKeyWords } from '../frame/foreign-key.ts';

type Parts = {
  sql: Sql;
  clock: Clock;
  tokens: Tokens;
  /** Shown before every command; null: nothing. */
  notice: string | null;
};

const AUTH = '/localdevauth/v1';
const OAUTH = '/oauth/v1';
const ALARM = '/firealarm/v4';
const TOOLS = '/local/dev/tools/proxy/v1';

/** How long the CLI keeps what it was given before it asks again. */
const ACCESS_LIFE_MS = 30 * 60_000;
const SCOPES = [
  'cms.functions.read_write',
  'cms.source_code.read',
  'cms.source_code.write',
  'developer.projects.write',
];
/** Numbers for people, where clients want one: nothing is looked up by it. */
const USER_NUMBER = 1;

/** Checked below. */
const exchangeBody = z.object({ encodedOAuthRefreshToken: z.unknown() });
const oauthBody = z.object({ refresh_token: z.unknown() });

export function sessionEndpoints(parts: Parts): CliEndpoint[] {
  return [
    {
      ...{ method: 'POST', prefix: AUTH, path: '/auth/refresh', permit: 'anyone', takes: exchangeBody },
      answerAnyone: async (request) => json(await exchange(parts, request)),
    },
    {
      ...{ method: 'GET', prefix: AUTH, path: '/auth/check-scopes', permit: 'any_token' },
      answer: async () => json({ portalScopesInGroup: SCOPES, userScopesInGroup: SCOPES }),
    },
    {
      ...{ method: 'POST', prefix: OAUTH, path: '/token', permit: 'anyone', takes: oauthBody },
      answerAnyone: async (request) => json(await refreshOauth(parts, request)),
    },
    {
      ...{ method: 'GET', prefix: ALARM, path: '/alarm/hubspot-cli/:accountId', permit: 'any_token' },
      answer: async (request) => json(await noticesFor(parts, request)),
    },
    {
      ...{ method: 'POST', prefix: TOOLS, path: '/usage', permit: 'anyone' },
      answerAnyone: async () => nothing(),
    },
  ];
}

async function exchange(parts: Parts, request: OpenCliRequest): Promise<Record<string, unknown>> {
  const { body, query } = request;
  const { encodedOAuthRefreshToken: key } = (body ?? {}) as Record<string, unknown>;
  if (typeof key !== 'string' || key === '') {
    fail('invalid_input', {
      message: 'encodedOAuthRefreshToken: is required',
      field: 'encodedOAuthRefreshToken',
    });
  }
  const caller = await personOf(parts, request, key.trim());
  const hubId = hubIdFor(query.portalId, await listOwnNumbers(parts.sql, caller));
  const account = await findAccount(parts.sql, caller.accountId);
  return {
    hubId,
    userId: USER_NUMBER,
    oauthAccessToken: key.trim(),
    expiresAtMillis: parts.clock() + ACCESS_LIFE_MS,
    scopeGroups: SCOPES,
    enabledFeatures: {},
    encodedOAuthRefreshToken: key,
    hubName: account?.alias ?? 'Millrace',
    // Anything else makes the CLI ask for the account that a sandbox belongs to.
    accountType: 'STANDARD',
  };
}

/**
 * The account's number and the portal ids that it had elsewhere are all good. A client that names none is
 * about to store the key under what it is given: that is the number, so that it takes the place of no account
 * at HubSpot. A key of one account with the number of another is a mistake in a configuration: better said
 * than followed.
 */
function hubIdFor(asked: string | undefined, [number, ...portalIds]: readonly number[]): number | undefined {
  if (asked === undefined || !/^[0-9]+$/.test(asked)) return number;
  const wanted = Number(asked);
  if (wanted === number || portalIds.includes(wanted)) return wanted;
  const all = [number, ...portalIds].join(' or ');
  return fail('unauthorized', { message: `this key belongs to account ${all}, not to ${asked}` });
}

async function refreshOauth(parts: Parts, request: OpenCliRequest): Promise<Record<string, unknown>> {
  const { refresh_token: key } = (request.body ?? {}) as Record<string, unknown>;
  if (typeof key !== 'string' || key === '') {
    fail('invalid_input', { message: 'refresh_token: is required', field: 'refresh_token' });
  }
  await personOf(parts, request, key);
  return { access_token: key, refresh_token: key, expires_in: ACCESS_LIFE_MS / 1000, token_type: 'bearer' };
}

/** Tokens of browsers are none that a command line may work with. */
async function personOf({ tokens }: Parts, { http }: OpenCliRequest, key: string): Promise<Caller> {
  const caller = await callerOf(tokens, key, http, wrongKeyWords);
  requireDialect(http, caller.accountId, DIALECT);
  if (caller.kind === 'limited')
    fail('unauthorized', { message: 'a limited token is no personal access key' });
  return caller;
}

type Notice = { title: string; message: string; querySelector: string; urlRegexPattern: string };

/**
 * The operator's word, and what an upload could not say: the CLI doesn't print what an accepted file leads
 * to.
 */
async function noticesFor({ sql, notice }: Parts, { world, caller }: CliRequest): Promise<Notice[]> {
  const toAll = { querySelector: '*', urlRegexPattern: '=*' };
  const fromOperator = notice === null ? [] : [{ title: 'Notice', message: notice, ...toAll }];
  // Every command asks, whatever its token permits: the names of folders and endpoints are for who may see
  // functions.
  if (!caller.permissions.hosted_functions.read) return fromOperator;
  const folders = await listFolders(sql, world);
  const inBuild = await listFoldersInBuild(sql, world);
  const undeployed = folders.filter(({ path, needsDeploy }) => needsDeploy && !inBuild.includes(path));
  return [
    ...fromOperator,
    ...folders.flatMap(({ path, problem }) =>
      problem === null ? [] : [{ title: path, message: problem, ...toAll }],
    ),
    ...undeployed.map(({ path }) => ({
      title: `Deploy needed: ${path}`,
      message: `Its package.json has changed since its packages were built. Run ${deployCommand(path)}`,
      ...toAll,
    })),
  ];
}
