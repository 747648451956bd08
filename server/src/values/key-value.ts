// Key values: small documents of an account and mode that its functions read, and some of which they change,
// while they run. Pure: what one is, and the rules of its key.
export const KEY_TYPES = ['string', 'pointer'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** Without its value, which may be large. */
export type KeyEntry = {
  /** Never changes. */
  key: string;
  description: string | null;
  keyType: KeyType;
  /** What kind of item a pointer's value names; null for a string. */
  pointerType: string | null;
  sizeBytes: number;
  createdAt: Date;
  modifiedAt: Date;
};

export type KeyValue = KeyEntry & { value: string };

/** The same keys as `^[a-zA-Z](?:_?[a-zA-Z]+)*$`, which takes exponential time for what almost is one. */
const KEY = /^[a-zA-Z]+(?:_[a-zA-Z]+)*$/;
const KEY_CHARACTERS = { least: 2, most: 100 };

/** The rule in words, to stand behind the name of the field. */
export const KEY_RULE = `must have ${KEY_CHARACTERS.least} to ${KEY_CHARACTERS.most} letters, with single _ between them`;

export function isKey(text: string): boolean {
  return text.length >= KEY_CHARACTERS.least && text.length <= KEY_CHARACTERS.most && KEY.test(text);
}
