// Shows Millrace's own API as this very server describes it (openapi.json): each operation with what it takes
// and answers. All that comes from there is set as text.

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const state = document.getElementById('api-state');
const place = document.getElementById('api');

function make(tag, text, inner = []) {
  const element = document.createElement(tag);
  if (text !== null) element.textContent = text;
  element.append(...inner);
  return element;
}

/** What a schema is, in a line or a few. */
function typeOf(schema, known, depth = 0) {
  if (schema === undefined || schema === true) return 'anything';
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((one) => typeOf(one, known, depth)).join(' | ');
  if (schema.type === 'array') return `${typeOf(schema.items, known, depth)}[]`;
  if (schema.properties !== undefined) return depth > 3 ? '{…}' : shapeOf(schema, known, depth);
  if (schema.additionalProperties) return `{ [name]: ${typeOf(schema.additionalProperties, known, depth)} }`;
  return [schema.type ?? 'anything'].flat().join(' | ');
}

function shapeOf({ properties, required = [] }, known, depth) {
  const indent = '  '.repeat(depth + 1);
  const lines = Object.entries(properties).map(([name, one]) => {
    const about = one.description === undefined ? '' : `  // ${one.description}`;
    return `${indent}${name}${required.includes(name) ? '' : '?'}: ${typeOf(one, known, depth + 1)}${about}`;
  });
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}

function shapeBlock(title, content, known) {
  const schema = content?.['application/json']?.schema ?? Object.values(content ?? {})[0]?.schema;
  if (schema === undefined) return [];
  const block = make('pre', null, [make('code', typeOf(schema, known))]);
  block.tabIndex = 0;
  return [make('h4', title), block];
}

function operationOf(path, method, operation, known) {
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const name = `${method.toUpperCase()} ${path}`;
  const section = make('section', null, [make('h3', null, [make('code', name)])]);
  section.id = `${method}-${path.replaceAll(/[^a-z0-9]+/gi, '-')}`;
  section.append(make('p', `${summary}. ${description ?? ''}`));
  if (parameters.length > 0) {
    const rows = parameters.map(({ name: one, in: where, description: about, schema }) => {
      const cells = [make('td', null, [make('code', one)]), make('td', where)];
      return make('tr', null, [
        ...cells,
        make('td', [typeOf(schema, known), about].filter(Boolean).join(': ')),
      ]);
    });
    section.append(make('div', null, [make('table', null, [make('tbody', null, rows)])]));
    section.lastChild.className = 'wide';
    section.lastChild.tabIndex = 0;
  }
  section.append(...shapeBlock('Takes', requestBody?.content, known));
  for (const [status, { content }] of Object.entries(responses)) {
    if (status !== 'default') section.append(...shapeBlock(`Answers ${status}`, content, known));
  }
  return section;
}

function schemaOf(name, schema, known) {
  const block = make('pre', null, [make('code', typeOf(schema, known))]);
  block.tabIndex = 0;
  const section = make('section', null, [make('h3', name), block]);
  section.id = name;
  return section;
}

try {
  const answer = await fetch('/millrace/v1/openapi.json');
  const { paths, components, servers } = await answer.json();
  const known = components.schemas;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => methods[method] !== undefined).map((method) =>
      operationOf(path, method, methods[method], known),
    ),
  );
  const shapes = Object.entries(known).map(([name, schema]) => schemaOf(name, schema, known));
  place.append(make('h2', 'Operations'), ...operations, make('h2', 'Shapes'), ...shapes);
  state.textContent = `${operations.length} operations below ${servers[0].url}, as this Millrace serves them.`;
  if (location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView();
} catch (error) {
  state.textContent = `It could not be read: ${error.message}`;
}
