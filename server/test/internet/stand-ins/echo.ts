// Plays any host: answers every request with what it saw of it, as JSON. `/redirect?to=<url>` redirects
// there. Questions: `seen` (all requests so far).
import { type SeenRequest, serveStandIn } from '../stand-in.ts';

const requests: SeenRequest[] = [];

await serveStandIn({
  answer(request) {
    requests.push(request);
    const url = new URL(request.path, 'http://host');
    const to = url.pathname === '/redirect' ? url.searchParams.get('to') : null;
    if (to !== null) return { status: 302, headers: { location: to }, body: '' };
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) };
  },
  questions: { seen: () => requests },
});
