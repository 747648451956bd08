// What a function of this dialect finds on `global` besides its packages, and what each of it asks the
// platform for.
import { GET_KEY_VALUE, UPDATE_KEY_VALUE } from '../../values/value-questions.ts';

export const REVCENT_GLOBALS = {
  revcent: { GetKeyValue: GET_KEY_VALUE, UpdateKeyValue: UPDATE_KEY_VALUE },
} as const;
