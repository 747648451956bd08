// What is wrong with an OpenAPI document: by the specification's own rules, and by ours, which leave no
// answer undescribed. Changes nothing. Called by scripts/check-client.ts.
import { createConfig, lintFromString } from '@redocly/openapi-core';
import type { OpenAPI3, OperationObject, ResponseObject } from 'openapi-typescript';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** @returns a line a problem */
export async function openapiProblems(document: OpenAPI3): Promise<string[]> {
  const config = await createConfig({ extends: ['spec'], rules: { 'no-unresolved-refs': 'error' } });
  const found = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: '/openapi.json',
    config,
  });
  const bySpecification = found.map(({ location, message }) => `${location[0]?.pointer ?? ''}: ${message}`);
  return [...bySpecification, ...holes(document)];
}

/** Pure. */
export function holes({ paths = {} }: OpenAPI3): string[] {
  const problems: string[] = [];
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS) {
      const operation = (item as Record<string, unknown>)[method];
      if (operation === undefined) continue;
      for (const problem of holesOf(operation as OperationObject, path))
        problems.push(`${method.toUpperCase()} ${path}: ${problem}`);
    }
  }
  return problems;
}

function holesOf({ responses = {}, parameters = [], security }: OperationObject, path: string): string[] {
  const problems: string[] = [];
  const statuses = Object.keys(responses);
  const isOpen = security?.length === 0;
  const wanted = [
    ...(isOpen ? [] : ['401', '403']),
    ...(path.includes('{') ? ['404'] : []),
    ...['429', 'default'],
  ];
  for (const status of wanted)
    if (!statuses.includes(status)) problems.push(`says nothing of an answer with ${status}`);
  for (const [status, response] of Object.entries(responses)) {
    if (!/^20[0-3]$/.test(status)) continue;
    const content = Object.entries((response as ResponseObject).content ?? {});
    if (content.length === 0) problems.push(`${status} has no content`);
    for (const [type, { schema = {} }] of content as [string, { schema?: object }][])
      if (Object.keys(schema).length === 0) problems.push(`${status} says nothing of its ${type}`);
  }
  for (const parameter of parameters as { name: string; in: string; required?: boolean }[])
    if (parameter.in !== 'header' && parameter.required === undefined)
      problems.push(`doesn't say whether ${parameter.name} is required`);
  return problems;
}
