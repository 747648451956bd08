// Entry of the runtime for programs that bring their own: `node bootstrap.cjs`, descriptor 3 as in
// runtimes/node. Starts the program of the function, serves it Lambda's Runtime API (docs/specs/lambda.md
// section 2) over loopback, or calls the web server that it is, and speaks the frames of contract/ with the
// server. Puts the parts together and does nothing else; the program runs in processes of its own.
'use strict';

const http = require('node:http');
const { FRAME, encodeFrame } = require('../../contract/frames.cjs');
const { ControlSocket } = require('./control-socket.cjs');
const { findProgram } = require('./find-program.cjs');
const { Invocations } = require('./invocations.cjs');
const { Program } = require('./program.cjs');
const { runtimeApi } = require('./runtime-api.cjs');
const { serveWeb, wrongPort } = require('./web-adapter.cjs');

const EXIT_INIT_ERROR = 1;
const HOST = '127.0.0.1';
/** Where the program is an assembly of .NET: what runs it, and what that is called. */
const [DOTNET, ENGINE = 'provided'] = process.argv.slice(2);

const control = new ControlSocket(3);
void start();

async function start() {
  const { type, nonce, payload } = await control.next();
  if (type !== FRAME.START) control.breaks(`frame of type ${type} in place of START`);
  /** @type {import('../../contract/frames.cjs').StartPayload} */
  const settings = JSON.parse(payload.toString());
  const found = findProgram(settings, DOTNET);
  if ('error' in found) return failLoading(nonce, found.error);
  const program = new Program();
  const onReady = () =>
    control.send(encodeFrame(FRAME.READY, nonce, Buffer.from(JSON.stringify({ engine: ENGINE }))));
  const { AWS_LWA_PORT: webPort } = settings.env;
  if (webPort !== undefined) {
    const wrong = wrongPort(settings.env);
    if (wrong !== null) return failLoading(nonce, wrong);
    program.start(found, settings, { PORT: webPort });
    return await serveWeb({ control, program, settings, onReady });
  }
  const invocations = new Invocations({
    ...{ control, program, settings },
    onReady,
    onInitError: (error) => {
      // What it has printed is part of what went wrong.
      void program.printed().then(() => failLoading(nonce, error));
    },
  });
  const server = http.createServer(runtimeApi(invocations));
  // A program waits for its next invocation for as long as it takes.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  server.headersTimeout = 0;
  server.listen(0, HOST, () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    program.start(found, settings, { AWS_LAMBDA_RUNTIME_API: `${HOST}:${port}` });
  });
}

/**
 * @param {Buffer} nonce
 * @param {{ errorType: string, errorMessage: string }} error
 */
function failLoading(nonce, error) {
  control.send(encodeFrame(FRAME.INIT_ERROR, nonce, Buffer.from(JSON.stringify(error))));
  process.exit(EXIT_INIT_ERROR);
}
