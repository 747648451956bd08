// How a function looks as a Comecero `hosted_function` (docs/specs/comecero.md 2.1). `engine` and `version`
// are our own members: they show what really runs. Pure.
import type { Engines } from '../../engines/engines.ts';
import type { Variables } from '../../environment/variables.ts';
import type { StoredFunction } from '../../functions/function.ts';
import { commonFields, resourceUrl } from './endpoint.ts';
import type { View } from './resource-view.ts';

type Around = {
  publicUrl: string;
  engines: Pick<Engines, 'choose'>;
};

/** @param variables  null: the caller may not read them, and the member is left out */
export function viewHostedFunction(shown: StoredFunction, variables: Variables | null, around: Around): View {
  return {
    hosted_function_id: shown.id,
    name: shown.name,
    description: shown.description,
    handler: shown.handler,
    environment: shown.runtime,
    ...(variables === null ? {} : { environment_variables: variables }),
    filename: shown.filename,
    bytes: shown.sizeBytes,
    invoke_url: `${around.publicUrl}/func/v1/${shown.id}`,
    version: shown.version,
    engine: viewEngine(shown.runtime, around.engines),
    date_created: shown.createdAt,
    date_modified: shown.modifiedAt,
    ...commonFields(shown, resourceUrl(around.publicUrl, `/hosted_functions/${shown.id}`)),
  };
}

/**
 * `version` is exact once the engine is installed, its major number before; null where nothing runs the code.
 */
function viewEngine(code: string, engines: Around['engines']): View | null {
  const chosen = engines.choose(code);
  if (!('engine' in chosen)) return null;
  const { language: name, version, substituted } = chosen;
  return { name, version, substituted };
}
