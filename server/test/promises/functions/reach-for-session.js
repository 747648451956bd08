// Answers a page that tries everything to reach the session of who looks at it, at the host in ?console=.
const attack = async (target) => {
  const outcome = (work) =>
    Promise.resolve()
      .then(work)
      .then(String, (error) => `refused: ${error.name}`);
  const session = `${target}/millrace/v1/session`;
  const frame = document.getElementById('frame');
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  frame.src = target;
  await loaded;
  const opened = window.open(`${target}/functions`, 'console-window');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const tossed = await outcome(() => {
    document.cookie = '__Host-millrace_session=stolen; Path=/; Secure; Domain=site.localhost';
    document.cookie = '__Host-millrace_session=stolen; Path=/; Secure';
    return document.cookie;
  });
  return {
    read: await outcome(async () => (await fetch(session, { credentials: 'include' })).text()),
    blind: await outcome(async () => (await fetch(session, { credentials: 'include', mode: 'no-cors' })).text()),
    framed: await outcome(() => frame.contentDocument?.body.innerHTML ?? 'refused: null'),
    window: await outcome(() => (!opened || opened.closed ? 'refused: cut off' : opened.document.title)),
    worker: await outcome(() => navigator.serviceWorker.register('worker.js', { scope: '/' })),
    foreignWorker: await outcome(() => navigator.serviceWorker.register(`${target}/assets/x.js`, { scope: '/' })),
    tossed,
  };
};

exports.handler = async (event) => {
  const target = (event.queryStringParameters ?? {}).console;
  if (target === undefined) {
    return {
      statusCode: 200,
      headers: { 'content-type': 'text/javascript', 'service-worker-allowed': '/' },
      body: "self.addEventListener('fetch', (event) => event.respondWith(new Response('taken over')));",
    };
  }
  const script = `window.tried = (${attack})(${JSON.stringify(target)});`;
  return {
    statusCode: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'set-cookie': '__Host-millrace_session=stolen; Path=/; Secure',
    },
    body: `<!doctype html><title>A function's</title><iframe id="frame"></iframe><iframe name="sink"></iframe>
<form id="form" method="post" target="sink" action="${target}/millrace/v1/sessions"></form>
<script>${script}</script>`,
  };
};
