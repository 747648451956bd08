// Makes of Millrace's OpenAPI document what the Python client has of it: a method for each operation, and
// shapes as TypedDicts. Pure. Called by scripts/check-client.ts.

type Schema = {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
};
type Content = Record<string, { schema: Schema }>;
type Parameter = { name: string; in: string; schema: Schema };
type Operation = {
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
};
/** As `GET /millrace/v1/openapi.json` answers. */
type Document = { paths?: Record<string, unknown>; components?: { schemas?: Record<string, unknown> } };
type One = { path: string; method: string; operation: Operation };

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export function generatePython(document: Document): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    METHODS.flatMap((method): One[] => {
      const operation = (methods as Partial<Record<string, Operation>>)[method];
      return operation === undefined ? [] : [{ path, method, operation }];
    }),
  );
  const names = nameAll(operations);
  const shapes = Object.entries(document.components?.schemas ?? {}) as [string, Schema][];
  return [
    '"""Generated from openapi.json by `npm run client`: not to be changed by hand."""',
    '',
    'from __future__ import annotations',
    '',
    'from typing import Any, Dict, Iterator, List, Literal, Mapping, Optional, TypedDict, Union',
    'from urllib.parse import quote',
    '',
    // What is another name for something stands behind what it is of.
    ...[
      ...shapes.filter(([, { properties }]) => properties),
      ...shapes.filter(([, { properties }]) => !properties),
    ].flatMap(([name, schema]) => shapeLines(name, schema)),
    '',
    'class Operations:',
    '    """A method for each operation. How they are asked for, the class that inherits this says."""',
    '',
    ...CALLED,
    ...operations.flatMap((one, at) => ['', ...methodLines(names[at] as string, one)]),
    '',
  ].join('\n');
}

const CALLED = [
  '    def request(',
  '        self,',
  '        method: str,',
  '        path: str,',
  '        query: Optional[Mapping[str, Any]] = None,',
  '        body: Any = None,',
  '        code_zip: Optional[bytes] = None,',
  '    ) -> Any:',
  '        raise NotImplementedError',
  '',
  '    def pages(self, path: str, query: Optional[Mapping[str, Any]] = None) -> Iterator[Any]:',
  '        raise NotImplementedError',
  '',
  '    def events(self, path: str, query: Optional[Mapping[str, Any]] = None) -> Iterator[Dict[str, Any]]:',
  '        raise NotImplementedError',
];

const isParameter = (segment: string): boolean => segment.startsWith('{');

/** `GET /runs/{id}` is `runs_get`, `POST /runs/{id}/cancel` is `runs_cancel`. */
function nameOf({ path, method, operation }: One): string {
  const segments = path.split('/').slice(1);
  const words = segments.filter((segment) => !isParameter(segment)).map((word) => word.replaceAll('-', '_'));
  const verb =
    method === 'get'
      ? isList(operation)
        ? 'list'
        : 'get'
      : method === 'post'
        ? '201' in operation.responses
          ? 'create'
          : null
        : { put: 'replace', patch: 'update', delete: 'delete' }[method as 'put'];
  return [...words, ...(verb === null ? [] : [verb])].join('_');
}

/** Where two would have one name, those with more parameters say so. */
function nameAll(operations: readonly One[]): string[] {
  const plain = operations.map(nameOf);
  return operations.map(({ path }, at) => {
    const name = plain[at] as string;
    const others = operations.filter((_, other) => other !== at && plain[other] === name);
    const most = (one: string): number => one.split('/').filter(isParameter).length;
    const isLonger = others.some((other) => most(other.path) < most(path));
    return others.length === 0 || !isLonger ? name : `${name}_one`;
  });
}

/** What answers with things, and says nothing else beside. */
function isList({ responses }: Operation): boolean {
  const { properties = {} } = responses['200']?.content?.['application/json']?.schema ?? {};
  return 'data' in properties && Object.keys(properties).every((name) => name === 'data' || name === 'next');
}

function methodLines(name: string, { path, method, operation }: One): string[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, one = '']) => one);
  const isListed = method === 'get' && isList(operation);
  const query = (operation.parameters ?? []).filter(
    (one) => one.in === 'query' && !(isListed && one.name === 'after'),
  );
  const content = operation.requestBody?.content ?? {};
  const takesBody = 'application/json' in content;
  const takesZip = 'application/zip' in content;
  const answer = Object.entries(operation.responses).find(([status]) => /^2/.test(status))?.[1].content;
  const isStream = answer !== undefined && 'text/event-stream' in answer;
  const type = typeOf(answer?.['application/json']?.schema);
  const returns = isStream
    ? 'Iterator[Dict[str, Any]]'
    : isListed
      ? `Iterator[${itemOf(answer?.['application/json']?.schema)}]`
      : answer === undefined
        ? 'None'
        : type;
  const words =
    query.length === 0
      ? []
      : ['*', ...query.map((one) => `${argument(one.name)}: Optional[${typeOf(one.schema)}] = None`)];
  const parts = [
    ...['self', ...inPath.map((one) => `${argument(one)}: str`)],
    ...(takesBody ? ['body: Any = None'] : []),
    ...(takesZip ? ['code_zip: Optional[bytes] = None'] : []),
    ...words,
  ];
  const place =
    inPath.length === 0
      ? `"${path}"`
      : `f"${path.replaceAll(/\{(\w+)\}/g, (_, one: string) => `{quote(${argument(one)}, safe='')}`)}"`;
  const asked = query.map((one) => `"${one.name}": ${argument(one.name)}`).join(', ');
  const call =
    isStream || isListed
      ? `self.${isStream ? 'events' : 'pages'}(${place}${query.length === 0 ? '' : `, {${asked}}`})`
      : `self.request("${method.toUpperCase()}", ${place}${[
          ...(query.length === 0 ? [] : [`query={${asked}}`]),
          ...(takesBody ? ['body=body'] : []),
          ...(takesZip ? ['code_zip=code_zip'] : []),
        ]
          .map((one) => `, ${one}`)
          .join('')})`;
  return [
    `    def ${name}(${parts.join(', ')}) -> ${returns}:`,
    `        """${operation.summary.replaceAll('\\', '\\\\')}. ${(operation.description ?? '').replaceAll('`', '')}"""`,
    `        return ${call}`,
  ];
}

const KEYWORDS = new Set([
  'from',
  'in',
  'is',
  'not',
  'class',
  'def',
  'global',
  'import',
  'return',
  'with',
  'type',
]);

function argument(name: string): string {
  return KEYWORDS.has(name) ? `${name}_` : name.replaceAll(/[^A-Za-z0-9_]/g, '_');
}

function shapeLines(name: string, schema: Schema): string[] {
  if (schema.properties === undefined) return [`${name} = ${typeOf(schema)}`];
  const fields = Object.entries(schema.properties).map(
    ([field, one]) => `        "${field}": "${typeOf(one).replaceAll('"', "'")}",`,
  );
  return [`${name} = TypedDict(`, `    "${name}",`, '    {', ...fields, '    },', '    total=False,', ')'];
}

/** @returns the type of what a list has */
function itemOf(schema: Schema | undefined): string {
  return typeOf(schema?.properties?.data?.items);
}

function typeOf(schema: Schema | undefined): string {
  if (schema === undefined) return 'Any';
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) as string;
  if (schema.const !== undefined) return `Literal[${literal(schema.const)}]`;
  if (schema.enum !== undefined) return `Literal[${schema.enum.map(literal).join(', ')}]`;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return unionOf(choices.map(typeOf));
  if (Array.isArray(schema.type)) return unionOf(schema.type.map((type) => typeOf({ ...schema, type })));
  if (schema.type === 'array') return `List[${typeOf(schema.items)}]`;
  if (schema.type === 'object') {
    const values = schema.additionalProperties;
    return `Dict[str, ${typeof values === 'object' && schema.properties === undefined ? typeOf(values) : 'Any'}]`;
  }
  return (
    { string: 'str', integer: 'int', number: 'float', boolean: 'bool', null: 'None' }[schema.type ?? ''] ??
    'Any'
  );
}

function unionOf(types: readonly string[]): string {
  const all = [...new Set(types)];
  if (all.includes('Any')) return 'Any';
  const some = all.filter((type) => type !== 'None');
  const united = some.length === 1 ? (some[0] as string) : `Union[${some.join(', ')}]`;
  if (some.length === 0) return 'None';
  return some.length === all.length ? united : `Optional[${united}]`;
}

function literal(value: unknown): string {
  return value === true ? 'True' : value === false ? 'False' : JSON.stringify(value);
}
