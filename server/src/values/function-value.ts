// Function values: variables of an account and mode that many functions find in their environment. Pure: what
// one is, and how they and a function's own variables become one environment.
import { reservedNameProblem } from '../environment/variables.ts';

export type FunctionValue = {
  id: string;
  name: string;
  description: string | null;
  /** Write-only: never shown again, hidden in logs. */
  isEncrypted: boolean;
  value: string;
  createdAt: Date;
  modifiedAt: Date;
};

const NAME_CHARACTERS = 100;
const NAME = /^[^\s=\p{C}](?:[^=\p{C}]*[^\s=\p{C}])?$/u;

/** @returns what is wrong with a name, to stand behind "name", or null. Blanks inside are allowed. */
export function valueNameProblem(name: string): string | null {
  const reserved = reservedNameProblem(name);
  if (reserved !== null) return `can't be that: ${reserved}`;
  if (name.length > NAME_CHARACTERS) return `must have at most ${NAME_CHARACTERS} characters`;
  return NAME.test(name)
    ? null
    : 'must not be empty, begin or end with a blank, nor hold = or control characters';
}

export type Environment = { variables: Record<string, string>; secretNames: readonly string[] };

/** The function's own variables win, and bring their own word on whether they are secret. */
export function overlay(
  shared: readonly Pick<FunctionValue, 'name' | 'value' | 'isEncrypted'>[],
  own: Environment,
): Environment {
  const seen = shared.filter(({ name }) => !Object.hasOwn(own.variables, name));
  const secret = seen.filter(({ isEncrypted }) => isEncrypted).map(({ name }) => name);
  return {
    variables: { ...Object.fromEntries(seen.map(({ name, value }) => [name, value])), ...own.variables },
    secretNames: [...secret, ...own.secretNames],
  };
}
