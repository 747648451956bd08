// The header that a subscription adds of its own. Pure.

/** What names and frames the message itself is ours. */
const OURS =
  /^(host|connection|content-length|content-type|content-encoding|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|webhook-.*|user-agent)$/i;
/**
 * What says where a request came from: a receiver of ours would believe that a proxy says it. And what
 * browsers hold for a host.
 */
const ABOUT_THE_SENDER =
  /^(x-forwarded.*|forwarded|via|x-real-ip|(x-|true-|cf-|fastly-|x-cluster-)?(client|connecting|original-forwarded|originating)-(ip|for)|x-original-.*|x-rewrite-url|x-envoy-.*|cookie)$/i;
const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const MOST_VALUE_LENGTH = 2_000;

/** @returns the rule that the name breaks; null: none */
export function headerNameProblem(name: string): string | null {
  if (!NAME.test(name)) return 'must be the name of an HTTP header';
  if (OURS.test(name)) return `can't be ${name}: that header is set by the platform`;
  return ABOUT_THE_SENDER.test(name) ? `can't be ${name}: it would say who sends, or for whom` : null;
}

/** @returns the rule that the value breaks; null: none */
export function headerValueProblem(value: string): string | null {
  if (value.length > MOST_VALUE_LENGTH) return `must have at most ${MOST_VALUE_LENGTH} characters`;
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? null : 'must be one line that a header can hold';
}
