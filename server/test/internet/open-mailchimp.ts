// The test's side of the MailChimp stand-in: brings it up on a test internet, gives it its account, asks what
// it saw.
import { standIn, type TestInternet } from './open-test-internet.ts';
import type { SeenRequest } from './stand-in.ts';

/** The only account that the stand-in knows. */
export type MailchimpAccount = { apiKey: string; listIds: string[] };

/** `drop`: cuts every connection without an answer. */
export type Behaviour = 'answer' | 'drop';

export type Mailchimp = {
  /** Every request so far, refused ones included, oldest first. */
  seen(): Promise<SeenRequest[]>;
  /** How it treats requests from now on. */
  behave(behaviour: Behaviour): Promise<void>;
};

/**
 * @param hostName e.g. `us6.api.mailchimp.test`: where the function of the tutorial calls for a key that ends
 * in -us6
 */
export async function openMailchimp(
  internet: TestInternet,
  hostName: string,
  account: MailchimpAccount,
): Promise<Mailchimp> {
  const host = await internet.host(hostName, standIn('mailchimp'));
  await host.ask('configure', account);
  return {
    seen: async () => (await host.ask('seen')) as SeenRequest[],
    behave: async (behaviour) => {
      await host.ask('behave', behaviour);
    },
  };
}
