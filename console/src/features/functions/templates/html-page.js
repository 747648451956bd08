/**
 * Answers a browser with a page.
 * @param {Millrace.HttpEvent} event
 */
exports.handler = async (event) => {
  const name = event.queryStringParameters?.name ?? 'there';
  const safe = name.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return {
    statusCode: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html><title>Hello</title><h1>Hello ${safe}</h1>`,
  };
};
