// How a function of this dialect is shown: the fields of API v2 (docs/specs/revcent.md section 8), its
// addresses, and the state of its packages. Pure.
import type { Build } from '../../builds/build.ts';
import { noteOf, timingView } from './import-file.ts';
import type { SavedFunction } from './save-function.ts';

export type ViewFacts = {
  saved: SavedFunction;
  /** Own variables; null for an encrypted value. */
  variables: readonly { name: string; value: string | null }[];
  addresses: { functionUrl: string | null; webhookUrl: string | null };
  /** null: it asked for no packages. */
  build: Build | null;
  /** null: lists omit it. */
  code: string | null;
};

export function functionView({
  saved,
  variables,
  addresses,
  build,
  code,
}: ViewFacts): Record<string, unknown> {
  const { fn, kept } = saved;
  const { settings } = kept;
  return {
    id: fn.id,
    function_id: fn.id,
    name: fn.name,
    description: fn.description ?? '',
    author: settings.author,
    enabled: fn.enabled,
    disabled_reason: fn.disabledReason,
    event_source: settings.eventSource,
    event_filter: settings.eventFilter,
    campaign_filter: settings.campaignFilter,
    shop_filter: settings.shopFilter,
    timing: timingView(settings.timing),
    cron_expression: settings.cronExpression,
    cron_timezone: settings.cronTimezone,
    function_url: addresses.functionUrl,
    webhook_url: addresses.webhookUrl,
    ip_restricted: settings.isIpRestricted,
    ip_whitelist: settings.ipWhitelist,
    custom_arguments: settings.customArguments,
    dependencies: settings.dependencies,
    build: buildView(build, fn.dependencies),
    environment_variables: variables.map(({ name, value }) => ({
      name,
      value: value ?? '',
      encrypted: value === null,
      description: noteOf(settings, name),
    })),
    ...(code === null ? {} : { function_code: code }),
    version: fn.version,
    created_date_unix: unix(fn.createdAt),
    updated_date_unix: unix(fn.modifiedAt),
  };
}

/**
 * `ready` also where nothing had to be built. `installed` is what runs now, whatever became of the last
 * build.
 */
function buildView(build: Build | null, installed: Record<string, string>): Record<string, unknown> {
  if (build === null) return { id: null, status: 'ready', installed, error: null };
  return { id: build.id, status: build.status, installed, error: build.error };
}

function unix(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
