import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OpenAPI3 } from 'openapi-typescript';
import { holes, openapiProblems } from './openapi-problems.ts';

const answers = {
  ...{ 401: {}, 403: {}, 404: {}, 429: {}, default: {} },
  200: { description: 'Done', content: { 'application/json': { schema: { type: 'object' } } } },
};
const document = (responses: object, parameters: object[] = []): OpenAPI3 =>
  ({
    openapi: '3.1.0',
    info: { title: 't', version: '1' },
    paths: { '/things/{id}': { get: { summary: 's', parameters, responses } } },
  }) as unknown as OpenAPI3;
const inPath = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

describe('a description of an API', () => {
  test('that says everything of its answers has no hole', () => {
    assert.deepEqual(holes(document(answers, [inPath])), []);
  });

  test('says of each answer what it has, and which refusals there are', () => {
    const { 404: _, ...less } = { ...answers, 200: { description: 'Done', content: { 'text/csv': {} } } };
    const at = 'GET /things/{id}:';
    assert.deepEqual(holes(document(less, [{ name: 'q', in: 'query' }])), [
      `${at} says nothing of an answer with 404`,
      `${at} 200 says nothing of its text/csv`,
      `${at} doesn't say whether q is required`,
    ]);
    assert.deepEqual(holes(document({ ...answers, 201: { description: 'Made' } }, [inPath])), [
      `${at} 201 has no content`,
    ]);
  });

  test('keeps to the specification: what it points to is there', async () => {
    const lost = { ...answers, 401: { $ref: '#/components/responses/Nothing' } };
    const problems = await openapiProblems(document(lost, [inPath]));
    assert.ok(
      problems.some((problem) => /Can't resolve \$ref/.test(problem)),
      problems.join('\n'),
    );
  });
});
