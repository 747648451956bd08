// `millrace variables`: variables of a function.
import { variableVerbs } from '../frame/variable-verbs.ts';

export const verbs = variableVerbs({ noun: 'variables', one: 'a variable', secret: false });
