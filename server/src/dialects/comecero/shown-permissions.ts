// What clients of the original are shown that a token may do. Its console removes what it is not shown, also
// for resources that are none here: the button that deletes an event subscription asks for `products`. Pure.
// Called by the resources that show permissions.
import { type EffectivePermissions, METHODS, type Method, RESOURCES } from '../../tokens/permissions.ts';

/**
 * Those that the console asks for and that aren't ours: its elements' `resource`, and `utils.hasPermission`.
 */
export const CONSOLE_RESOURCES = [
  ...['app_installations', 'app_packages', 'apps', 'carts', 'commissions', 'customers', 'fees', 'files'],
  ...['gateway', 'gateways', 'images', 'invoices', 'license_requests', 'license_services'],
  ...['notification_subscriptions', 'orders', 'payment_methods', 'payments', 'products', 'promotions'],
  ...['refunds', 'shipments', 'shipping_methods', 'subscription_plans', 'subscriptions', 'templates'],
] as const;

export type ShownPermissions = Record<string, Record<Method, boolean>>;

/** A method that is permitted on everything there is, is permitted on what there isn't. */
export function shownPermissions(effective: EffectivePermissions): ShownPermissions {
  const elsewhere = Object.fromEntries(
    METHODS.map((method) => [method, RESOURCES.every((resource) => effective[resource][method])]),
  ) as Record<Method, boolean>;
  return {
    ...effective,
    ...Object.fromEntries(CONSOLE_RESOURCES.map((resource) => [resource, { ...elsewhere }])),
  };
}
