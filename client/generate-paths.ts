// Makes client/src/api-paths.ts of an OpenAPI document: the types that the client is made of. Writes nothing.
// Called by scripts/check-client.ts.
import openapiTs, { astToString, type OpenAPI3 } from 'openapi-typescript';

const HEAD = `// Types of Millrace's own API, generated from its OpenAPI document by \`npm run client\`. Not written by hand.
`;

/** @param document as \`GET /millrace/v1/openapi.json\` answers */
export async function generatePaths(document: OpenAPI3): Promise<string> {
  return `${HEAD}\n${astToString(await openapiTs(document, { alphabetize: true }))}`;
}
