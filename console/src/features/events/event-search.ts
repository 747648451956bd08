// What the addresses of events and deliveries say. Pure. Called by the routes and the screens.
export const EVENT_STATES = ['waiting', 'routed', 'set_aside'] as const;
export const DELIVERY_STATUSES = ['queued', 'retry', 'delivered', 'failed'] as const;

export type EventSearch = { type?: string; state?: (typeof EVENT_STATES)[number] };
export type DeliverySearch = { subscription?: string; status?: (typeof DELIVERY_STATUSES)[number] };

export function readEventSearch(search: Record<string, unknown>): EventSearch {
  const state = EVENT_STATES.find((one) => one === search.state);
  const { type } = search;
  return {
    ...(typeof type === 'string' && type !== '' ? { type: type.slice(0, 200) } : {}),
    ...(state === undefined ? {} : { state }),
  };
}

export function readDeliverySearch(search: Record<string, unknown>): DeliverySearch {
  const status = DELIVERY_STATUSES.find((one) => one === search.status);
  const { subscription } = search;
  return {
    ...(typeof subscription === 'string' && subscription !== '' ? { subscription } : {}),
    ...(status === undefined ? {} : { status }),
  };
}
