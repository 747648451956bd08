// `millrace secrets`: variables of a function that are never shown again.
import { variableVerbs } from '../frame/variable-verbs.ts';

export const verbs = variableVerbs({ noun: 'secrets', one: 'a secret', secret: true });
