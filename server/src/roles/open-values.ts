// Puts together what functions share: values in their environment, key values that they ask for while they
// run, and the API over both. Which dialects' functions see which is decided here.
import type { Logger } from 'pino';
import { functionValueEndpoints } from '../api/function-value-endpoints.ts';
import { keyValueEndpoints } from '../api/key-value-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import type { Config } from '../config/config.ts';
import { PACKAGE_ALIASES } from '../dialects/revcent/allowed-packages.ts';
import { REVCENT_GLOBALS } from '../dialects/revcent/function-globals.ts';
import { DIALECT as REVCENT } from '../dialects/revcent/function-packages.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import { openVariables } from '../environment/sealed-variables.ts';
import type { SealedFunction } from '../functions/function-store.ts';
import { newResourceId } from '../ids/ids.ts';
import type { Database } from '../postgres/database.ts';
import type { Offers } from '../sandbox/sandbox-starter.ts';
import type { FunctionGlobals } from '../sandbox/start-payload.ts';
import { hasPaymentProfile } from '../sources/payments/payment-profile-store.ts';
import { type Environment, overlay } from '../values/function-value.ts';
import { FunctionValues } from '../values/function-values.ts';
import { inTurn } from '../values/in-turn.ts';
import { KeyValues, type PointerTypes } from '../values/key-values.ts';
import { answerValueQuestion } from '../values/value-questions.ts';

/** What functions of a dialect find on `global`. */
const GLOBALS: Readonly<Record<string, FunctionGlobals>> = { [REVCENT]: REVCENT_GLOBALS };
/** Names by which packages are known besides. */
const ALIASES: Readonly<Record<string, Readonly<Record<string, string>>>> = { [REVCENT]: PACKAGE_ALIASES };
/** Dialects whose functions find the account's values in their environment. */
const SEES_FUNCTION_VALUES = [REVCENT];
/** Of the ten connections to the database, those that answers to functions may take. */
const ANSWERS_AT_ONCE = 4;

export type Values = {
  keyValues: KeyValues;
  functionValues: FunctionValues;
  endpoints: ApiEndpoint[];
  /** For the directory of functions: the whole of what a function finds in its environment. */
  openVariables(fn: SealedFunction): Promise<Environment>;
  offers: Offers;
};

type Parts = { config: Config; log: Logger; database: Database; keys: AccountKeys };

export function openValues({ config: { limits }, log, database, keys }: Parts): Values {
  const pointerTypes: PointerTypes = {
    payment_profile: (world, idOrName) => hasPaymentProfile(database, world, idOrName),
  };
  const keyValues = new KeyValues({ database, keys, limits, pointerTypes });
  const shared = { dialects: SEES_FUNCTION_VALUES, newId: newResourceId };
  const functionValues = new FunctionValues({ database, keys, limits, ...shared });
  const turn = inTurn(ANSWERS_AT_ONCE);
  return {
    keyValues,
    functionValues,
    endpoints: [...keyValueEndpoints(keyValues), ...functionValueEndpoints(functionValues)],
    openVariables: async (fn) => {
      const owner = { accountId: fn.accountId, functionId: fn.id };
      const variables = await openVariables(keys, owner, fn.sealedVariables);
      const own = { variables, secretNames: fn.secretNames };
      return SEES_FUNCTION_VALUES.includes(fn.dialect) ? overlay(await functionValues.list(fn), own) : own;
    },
    offers: {
      globalsOf: (fn) => GLOBALS[fn.dialect] ?? {},
      aliasesOf: (fn) => ALIASES[fn.dialect] ?? {},
      answer: (fn, name, args) => turn(() => answerValueQuestion(keyValues, fn, { name, args })),
      onDefect: (error) => log.error({ err: error }, 'a question of a function could not be answered'),
    },
  };
}
