// Which runtime codes functions may name, and what runs each on this machine. GET /runtimes.
import type { z } from 'zod';
import type { Engines, RuntimeFacts } from '../engines/engines.ts';
import { runtimesSchema } from './api-schemas.ts';
import type { ApiEndpoint } from './millrace-api.ts';

export function runtimeEndpoints({ engines }: { engines: Pick<Engines, 'runtimes'> }): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/runtimes',
      summary: 'The runtimes that functions may name, and what runs each here',
      permit: { resource: 'hosted_functions', method: 'read' },
      response: runtimesSchema,
      answer: async () => ({ data: engines.runtimes().map(runtimeView) }),
    },
  ];
}

function runtimeView(facts: RuntimeFacts): z.input<typeof runtimesSchema>['data'][number] {
  const { code, language } = facts;
  if ('problem' in facts)
    return { code, language, version: null, substituted: false, problem: facts.problem };
  const { version, substituted } = facts;
  return { code, language, version, substituted, problem: null };
}
