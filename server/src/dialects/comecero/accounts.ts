// The endpoint `accounts/{id}/account_meta`: what the console reads about the account before it draws itself
// (docs/specs/comecero.md section 5). Millrace takes no payments: the currencies are there because the
// console wants some.
import { findAccount } from '../../accounts/account-store.ts';
import { fail } from '../../errors/failure.ts';
import type { Sql } from '../../postgres/database.ts';
import { commonFields, type Endpoint, found, resourceUrl } from './endpoint.ts';

export type AccountsParts = { sql: Sql; publicUrl: string };

const CURRENCY = 'USD';

export function accountsEndpoints({ sql, publicUrl }: AccountsParts): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/accounts/:id/account_meta',
      permit: 'any_token',
      answer: async ({ world, params }) => {
        const account = params.id === world.accountId ? await findAccount(sql, world.accountId) : null;
        if (account === null) fail('not_found', { message: 'there is no such account' });
        return found({
          alias: account.alias,
          model: null,
          live: true,
          reporting_currency_primary: CURRENCY,
          reporting_currency_secondary: null,
          payment_currencies: [{ code: CURRENCY, name: 'US Dollar' }],
          default_payment_currency: CURRENCY,
          ...signInAddresses(publicUrl),
          date_created: account.createdAt,
          ...commonFields(world, accountUrl(publicUrl, account.id)),
        });
      },
    },
  ];
}

/** Where an account can be read. */
export function accountUrl(publicUrl: string, accountId: string): string {
  return resourceUrl(publicUrl, `/accounts/${accountId}/account_meta`);
}

/** Tokens are handed out, not signed in for: every door is the front door. */
function signInAddresses(publicUrl: string): Record<string, string> {
  const front = `${publicUrl}/`;
  return {
    oauth_authorize_url: front,
    oauth_callback_url: front,
    contract_select_url: front,
    signin_url: front,
  };
}
