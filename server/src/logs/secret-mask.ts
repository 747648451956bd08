// Hides secret values in what a function prints, and in what is kept of its results and errors: each is
// replaced by `***`. Found as it is, as it stands inside JSON and inside an address; not found when the
// function has changed it otherwise (base64, reversed, in pieces). Protects from accidents, not from the
// function's author. Pure; functions without secrets have no mask.
import type { RunnableFunction } from '../functions/function.ts';

/**
 * Shorter ones are left as they are: hiding them would make logs unreadable and show by that what they are.
 */
const SHORTEST_MASKED = 4;

const STARS = '***';

type Owner = Pick<RunnableFunction, 'variables' | 'secretNames'>;

const masks = new WeakMap<Owner['variables'], SecretMask | null>();

/** @returns null where there is nothing to hide; the same mask for the same variables */
export function maskOf(fn: Owner): SecretMask | null {
  let mask = masks.get(fn.variables);
  if (mask === undefined) {
    mask = makeMask(fn.secretNames.map((name) => fn.variables[name] ?? ''));
    masks.set(fn.variables, mask);
  }
  return mask;
}

export function makeMask(secrets: readonly string[]): SecretMask | null {
  const hidden = secrets.filter((secret) => secret.length >= SHORTEST_MASKED);
  return hidden.length === 0 ? null : new SecretMask(hidden);
}

export class SecretMask {
  readonly #forms: string[];
  readonly #pattern: RegExp;

  /** @param secrets each long enough, at least one */
  constructor(secrets: readonly string[]) {
    // A longer one may begin with a shorter one.
    this.#forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(
      this.#forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'),
      'g',
    );
  }

  text(text: string): string {
    return text.replace(this.#pattern, STARS);
  }

  /** The same, of a text that was cut off: what may be the beginning of a secret at its end is hidden too. */
  cutText(text: string): string {
    const masked = this.text(text);
    for (let length = Math.min(this.#longest - 1, masked.length); length >= SHORTEST_MASKED; length -= 1) {
      const end = masked.slice(-length);
      if (this.#forms.some((form) => form.startsWith(end))) return masked.slice(0, -length) + STARS;
    }
    return masked;
  }

  /**
   * JSON stays JSON: texts, names and numbers in it are masked. What only claims to be JSON, or is too deep
   * for us, is masked as text.
   */
  json(json: Buffer): Buffer {
    const text = json.toString();
    if (text.search(this.#pattern) === -1) return json;
    try {
      return Buffer.from(JSON.stringify(this.#value(JSON.parse(text))));
    } catch {
      return Buffer.from(this.text(text));
    }
  }

  get #longest(): number {
    return this.#forms[0]?.length ?? 0;
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number') return this.text(String(value)) === String(value) ? value : STARS;
    if (Array.isArray(value)) return value.map((item) => this.#value(item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [this.text(name), this.#value(member)]),
    );
  }
}

/** Every way in which a secret is looked for. Log lines hold carriage returns in place of line feeds. */
function formsOf(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= 2 * SHORTEST_MASKED);
  return [
    ...[secret, secret.replaceAll('\n', '\r'), inJson, encodeURIComponent(secret.toWellFormed())],
    ...(secret.includes('\n') ? lines : []),
  ];
}
