// Takes the address of a request apart where Fastify's reading of it would lose something: nothing is
// decoded. Pure.

/** @param url as in the request line. `query`: without its question mark; empty where there is none */
export function splitUrl(url: string): { path: string; query: string } {
  const at = url.indexOf('?');
  return at === -1 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) };
}
