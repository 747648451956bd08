// The resource `settings/technical`: what an account sets for all that it does, live and test apart
// (docs/specs/comecero.md section 5). The signature key is sealed at rest and shown to those who may read
// settings: the console's form sends back what it was shown.

import {
  findAccountSettings,
  putAccountSettings,
  type StoredSettings,
} from '../../accounts/account-settings-store.ts';
import { fail } from '../../errors/failure.ts';
import type { PublishAccountChange } from '../../events/account-changes.ts';
import type { Database } from '../../postgres/database.ts';
import { openAccountKey, sealAccountKey } from '../../subscriptions/signature-key.ts';
import type { Keys } from '../../subscriptions/subscription-secrets.ts';
import { type Answer, type ApiRequest, commonFields, type Endpoint, found, resourceUrl } from './endpoint.ts';
import type { View } from './resource-view.ts';
import { mergeTechnicalSettings, technicalSettingsBody } from './technical-settings-fields.ts';

export type TechnicalSettingsParts = {
  database: Database;
  keys: Keys;
  publicUrl: string;
  publishAccountChange: PublishAccountChange;
};

const PATH = '/settings/technical';
const MOST_TRIES = 3;

export function technicalSettingsEndpoints(parts: TechnicalSettingsParts): Endpoint[] {
  return [
    {
      method: 'GET',
      path: PATH,
      permit: { resource: 'settings', method: 'read' },
      answer: async (asked) =>
        found(await view(parts, await findAccountSettings(parts.database, asked.world), asked)),
    },
    {
      method: 'POST',
      path: PATH,
      permit: { resource: 'settings', method: 'update' },
      takes: technicalSettingsBody,
      answer: (asked) => update(parts, asked),
    },
  ];
}

async function update(parts: TechnicalSettingsParts, request: ApiRequest): Promise<Answer> {
  const { database, keys } = parts;
  const { world, body } = request;
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const stored = await findAccountSettings(database, world);
    const signatureKey = await openAccountKey(keys, world, stored.sealedSignatureKey);
    const settings = mergeTechnicalSettings({ ...stored, signatureKey }, body, world.mode);
    const sealedSignatureKey = await sealAccountKey(keys, world, settings.signatureKey);
    const changed = await put(parts, world, { ...settings, sealedSignatureKey }, stored.revision);
    if (changed !== null) return found(await view(parts, changed, request));
  }
  return fail('conflict', { message: 'another request is changing these settings: try again' });
}

/** That the account was modified is published in the transaction that does it. */
async function put(
  { database, publishAccountChange }: TechnicalSettingsParts,
  world: ApiRequest['world'],
  settings: Parameters<typeof putAccountSettings>[2],
  revision: number,
): Promise<StoredSettings | null> {
  return await database.transaction(async (sql) => {
    const changed = await putAccountSettings(sql, world, settings, revision);
    if (changed === null) return null;
    await publishAccountChange(sql, world.accountId, { settings: 'technical', modes: [world.mode] });
    return changed;
  });
}

/** A caller that may change the settings but not read them isn't shown the key by the answer. */
async function view(
  { keys, publicUrl }: TechnicalSettingsParts,
  shown: StoredSettings,
  { caller }: ApiRequest,
): Promise<View> {
  const mayRead = caller.permissions.settings.read;
  return {
    timezone: shown.timeZone,
    app_hosts: shown.appHosts,
    cors_allowed_origins: shown.corsAllowedOrigins,
    oauth_redirect_uris: shown.oauthRedirectUris,
    allow_public_limited_test_tokens: shown.allowPublicTestTokens,
    ...(mayRead ? { signature_key: await openAccountKey(keys, shown, shown.sealedSignatureKey) } : {}),
    date_created: shown.createdAt,
    date_modified: shown.modifiedAt,
    ...commonFields(shown, resourceUrl(publicUrl, PATH)),
  };
}
