// How an event subscription looks in the management API (docs/specs/comecero.md 3.1). Pure.
import type { OwnEvent } from '../../events/own-events.ts';
import type { SealedSubscription, SubscriptionSecrets } from '../../subscriptions/event-subscription.ts';
import { commonFields, resourceUrl } from './endpoint.ts';
import type { View } from './resource-view.ts';

/** @param secrets null: they are left out */
export function viewSubscription(
  shown: SealedSubscription,
  secrets: SubscriptionSecrets | null,
  publicUrl: string,
): View {
  return {
    event_subscription_id: shown.id,
    event_type: shown.eventType,
    method: shown.method,
    format: shown.format,
    destination: shown.destination,
    ...(secrets === null ? {} : { signature_key: secrets.signatureKey }),
    http_authorization_username: shown.authorizationUsername,
    ...(secrets === null ? {} : { http_authorization_password: secrets.authorizationPassword }),
    custom_header_name: shown.customHeaderName,
    ...(secrets === null ? {} : { custom_header_value: secrets.customHeaderValue }),
    expand: shown.expand,
    show: shown.show,
    hide: shown.hide,
    ...(secrets === null ? {} : { environment_variables: secrets.variables }),
    active: shown.active,
    timezone: shown.timeZone,
    comments: shown.comments,
    date_created: shown.createdAt,
    date_modified: shown.modifiedAt,
    ...commonFields(shown, subscriptionUrl(publicUrl, shown.id)),
  };
}

/** The same as an event's data: no secrets, dates written out. */
export function subscriptionFacts(shown: SealedSubscription, publicUrl: string): OwnEvent['data'] {
  return {
    ...(viewSubscription(shown, null, publicUrl) as OwnEvent['data']),
    date_created: shown.createdAt.toISOString(),
    date_modified: shown.modifiedAt.toISOString(),
  };
}

export function subscriptionUrl(publicUrl: string, id: string): string {
  return resourceUrl(publicUrl, `/event_subscriptions/${id}`);
}
