// Entry of the Node runtime inside a sandbox: `node [flags] bootstrap.cjs`, with descriptor 3 a Unix stream
// socket to the server. Puts the parts together and does nothing else; the user's code is loaded when the
// START frame comes.
'use strict';

require('./own-copies.cjs'); // first: nothing may be patched before the copies are taken
const { ConsoleLines } = require('./console-lines.cjs');
const { openControlSocket } = require('./control-socket.cjs');
const { Dispatcher } = require('./dispatcher.cjs');
const { exitOnFatalErrors } = require('./fatal-errors.cjs');
const { hideModules } = require('./hidden-modules.cjs');
const { OutputLedger } = require('./output-ledger.cjs');

const CONTROL_FD = 3;

const output = new OutputLedger();
output.watchStreams(process);
const lines = new ConsoleLines(output);
lines.install(console);

const dispatcher = new Dispatcher(output, lines);
exitOnFatalErrors(dispatcher, lines);
process.on('beforeExit', () => dispatcher.onEmptyEventLoop());
hideModules(/** @type {NodeModule} */ (/** @type {unknown} */ (module)));
dispatcher.attach(
  openControlSocket(CONTROL_FD, (type, nonce, payload) => dispatcher.onFrame(type, nonce, payload)),
);
