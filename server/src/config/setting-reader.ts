// Reads single settings out of the environment, each problem noted for all to be reported at once. Pure.
// Called by config.ts, which hands it to the files that know a group of settings.
import { isIP } from 'node:net';

export type SettingReader = {
  /** Trimmed; null where it is absent or empty. */
  text(name: string): string | null;
  /** Parts between commas. */
  list(name: string): string[];
  /** A whole number within bounds; `otherwise` where it is absent. */
  whole(name: string, otherwise: number, bounds: { least: number; most: number }): number;
  /** `true` or `false`; `otherwise` where it is absent. */
  flag(name: string, otherwise: boolean): boolean;
};

export function createSettingReader(
  env: Record<string, string | undefined>,
  problems: string[],
): SettingReader {
  const text = (name: string): string | null => {
    const value = env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  };
  return {
    text,
    list: (name) =>
      (text(name) ?? '')
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    flag(name, otherwise) {
      const value = text(name) ?? String(otherwise);
      if (value !== 'true' && value !== 'false') problems.push(`${name} must be true or false`);
      return value === 'true';
    },
    whole(name, otherwise, { least, most }) {
      const value = text(name);
      if (value === null) return otherwise;
      const number = /^[0-9]+$/.test(value) ? Number(value) : Number.NaN;
      if (number >= least && number <= most) return number;
      problems.push(`${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`);
      return otherwise;
    },
  };
}

/** An address, or an address and how many of its bits count. */
export function isCidr(text: string): boolean {
  const [address, bits, rest] = text.split('/');
  const version = isIP(address ?? '');
  if (version === 0 || rest !== undefined) return false;
  if (bits === undefined) return true;
  return /^[0-9]{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}
