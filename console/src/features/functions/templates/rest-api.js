/**
 * A small API at one function URL: routes by method and path.
 * @param {Millrace.HttpEvent} event
 */
exports.handler = async (event) => {
  const { method, path } = event.requestContext.http;
  if (method === 'GET' && path.endsWith('/health')) return json(200, { ok: true });
  if (method === 'GET') return json(200, { path, query: event.queryStringParameters ?? {} });
  if (method === 'POST') return json(201, { created: JSON.parse(event.body ?? 'null') });
  return json(405, { error: `${method} is not allowed` });
};

const json = (statusCode, body) => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
