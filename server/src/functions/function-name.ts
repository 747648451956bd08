// What a function may be called: one rule, whichever API names it. Pure.

/** In UTF-16 units. */
export const NAME_CHARACTERS = 250;

/** @returns the rule that the name breaks, to stand behind "name", or null */
export function nameProblem(name: string): string | null {
  if (name.trim() === '') return 'must not be empty';
  if (name.length > NAME_CHARACTERS) return `must have at most ${NAME_CHARACTERS} characters`;
  if (name.includes('\0') || !name.isWellFormed()) return 'must not contain NUL or broken characters';
  if (/\p{Cc}/u.test(name)) return 'must not contain control characters';
  return null;
}
