// Ends the process in as many ways.
exports.exits = (status) => {
  process.on('exit', () => console.log('exit listener'));
  process.exit(status);
};
exports.throwsLater = () => new Promise(() => setTimeout(() => { throw new RangeError('later'); }, 1));
exports.rejects = () => { Promise.reject(new TypeError('alone')); return new Promise(() => {}); };
exports.aborts = () => process.abort();
exports.writesReady = async () => {
  const { NO_NONCE, FRAME, encodeFrame } = require('../../../../contract/frames.cjs');
  require('node:fs').writeSync(3, encodeFrame(FRAME.READY, NO_NONCE, Buffer.from('{"forks":true}')));
  return 'fine';
};
